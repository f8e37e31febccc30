#include <ATen/core/dispatch/Dispatcher.h>

#include <string>
#include <vector>

#include "internal.h"

using ctorch::borrow;
using ctorch::guarded;
using ctorch::release;

namespace {

/// What a schema wants in one place, without `Optional`.
enum class Kind { tensor, tensors, optional_tensors, integer, number, scalar, truth, integers, truths, text,
                  generator, device, other };

struct Parameter {
  Kind kind;
  bool optional;
  /// Whether the operator changes the elements.
  bool is_written = false;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
  std::string schema;
};

Kind kind_of_element(const c10::Type &type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return Kind::tensors;
    case c10::TypeKind::OptionalType: return Kind::optional_tensors;
    case c10::TypeKind::IntType: return Kind::integers;
    case c10::TypeKind::BoolType: return Kind::truths;
    default: return Kind::other;
  }
}

Parameter parameter_of(const c10::Type &type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return {Kind::tensor, false};
    case c10::TypeKind::IntType: return {Kind::integer, false};
    case c10::TypeKind::FloatType: return {Kind::number, false};
    case c10::TypeKind::NumberType: return {Kind::scalar, false};
    case c10::TypeKind::BoolType: return {Kind::truth, false};
    case c10::TypeKind::StringType: return {Kind::text, false};
    case c10::TypeKind::GeneratorType: return {Kind::generator, false};
    case c10::TypeKind::DeviceObjType: return {Kind::device, false};
    case c10::TypeKind::ListType: return {kind_of_element(*type.castRaw<c10::ListType>()->getElementType()), false};
    case c10::TypeKind::OptionalType: {
      auto inner = parameter_of(*type.castRaw<c10::OptionalType>()->getElementType());
      return {inner.kind, true};
    }
    default: return {Kind::other, false};
  }
}

c10::IValue list_of_tensors(const CTorchValue &value, bool optional) {
  if (optional) {
    c10::List<std::optional<at::Tensor>> list;
    list.reserve(value.count);
    for (int64_t i = 0; i < value.count; i++) {
      auto tensor = borrow(value.tensors[i]);
      list.push_back(tensor.defined() ? std::optional<at::Tensor>(tensor) : std::nullopt);
    }
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int64_t i = 0; i < value.count; i++) list.push_back(borrow(value.tensors[i]));
  return list;
}

/// `value` as the schema wants it, or nothing when it is of another type.
std::optional<c10::IValue> converted(const CTorchValue &value, Parameter parameter) {
  const auto kind = parameter.kind;
  switch (value.tag) {
    case CTORCH_NONE:
      if (parameter.optional) return c10::IValue();
      break;
    case CTORCH_TENSOR:
      if (kind == Kind::tensor) return c10::IValue(borrow(value.tensor));
      break;
    case CTORCH_INT:
      if (kind == Kind::integer || kind == Kind::scalar) return c10::IValue(value.integer);
      if (kind == Kind::number) return c10::IValue(static_cast<double>(value.integer));
      break;
    case CTORCH_DOUBLE:
      if (kind == Kind::number || kind == Kind::scalar) return c10::IValue(value.number);
      break;
    case CTORCH_BOOL:
      if (kind == Kind::truth) return c10::IValue(value.truth);
      break;
    case CTORCH_INTS:
      if (kind == Kind::integers) return c10::IValue(c10::IntArrayRef(value.integers, value.count));
      break;
    case CTORCH_BOOLS:
      if (kind == Kind::truths) {
        c10::List<bool> list;
        for (int64_t i = 0; i < value.count; i++) list.push_back(value.truths[i]);
        return c10::IValue(list);
      }
      break;
    case CTORCH_TENSORS:
      if (kind == Kind::tensors) return list_of_tensors(value, false);
      if (kind == Kind::optional_tensors) return list_of_tensors(value, true);
      break;
    case CTORCH_STRING:
      if (kind == Kind::text) return c10::IValue(std::string(value.text, value.count));
      break;
    case CTORCH_GENERATOR:
      if (kind == Kind::generator) return c10::IValue(borrow(value.generator));
      break;
    case CTORCH_DEVICE:
      if (kind == Kind::device) return c10::IValue(ctorch::device(value.device[0], value.device[1]));
      break;
    case CTORCH_DEFAULT: break;
  }
  return std::nullopt;
}

c10::IValue argument(const Operator &op, size_t index, const CTorchValue *arguments, size_t count) {
  const auto &declared = op.handle.schema().arguments()[index];
  if (index < count && arguments[index].tag != CTORCH_DEFAULT) {
    auto value = converted(arguments[index], op.parameters[index]);
    TORCH_CHECK(
        value.has_value(), op.schema, ": argument ", index, ", '", declared.name(), "', takes ",
        declared.type()->str(), ", and was given a value of another type");
    return *std::move(value);
  }
  TORCH_CHECK(declared.default_value().has_value(), op.schema, ": argument '", declared.name(), "' is missing");
  return *declared.default_value();
}

/// The tensors that an operator writes, and how often each had been changed before.
///
/// Autograd and ctorch::prepared compare this count to learn whether the elements have changed. Most operators raise it; some
/// of libtorch's, the fused optimizers, and some of ours do not.
class Written {
public:
  Written(const Written &) = delete;
  Written(const Operator &op, const torch::jit::Stack &stack) {
    for (size_t i = 0; i < stack.size(); i++) {
      if (!op.parameters[i].is_written) continue;
      if (stack[i].isTensor()) {
        add(stack[i].toTensor());
      } else if (stack[i].isTensorList()) {
        for (const at::Tensor &tensor : stack[i].toTensorList()) add(tensor);
      }
    }
  }

  /// Counts a change, even if the operator failed halfway.
  ~Written() {
    for (const auto &[tensor, changes] : tensors) {
      if (tensor._version() == changes) tensor.unsafeGetTensorImpl()->bump_version();
    }
  }

private:
  std::vector<std::pair<at::Tensor, int64_t>> tensors;

  void add(const at::Tensor &tensor) {
    if (tensor.defined() && !tensor.is_inference()) tensors.emplace_back(tensor, tensor._version());
  }
};

struct Results {
  CTorchValue *values;
  int64_t capacity;
  int64_t count = 0;

  CTorchValue &next(CTorchTag tag) {
    TORCH_CHECK(count < capacity, "the operator returned more than the ", capacity, " values there is room for");
    values[count].tag = tag;
    return values[count++];
  }

  void append(const c10::IValue &value) {
    if (value.isTensor()) {
      next(CTORCH_TENSOR).tensor = release(value.toTensor());
    } else if (value.isTensorList()) {
      for (const at::Tensor &tensor : value.toTensorList()) next(CTORCH_TENSOR).tensor = release(tensor);
    } else if (value.isInt()) {
      next(CTORCH_INT).integer = value.toInt();
    } else if (value.isDouble()) {
      next(CTORCH_DOUBLE).number = value.toDouble();
    } else if (value.isBool()) {
      next(CTORCH_BOOL).truth = value.toBool();
    } else if (value.isScalar()) {
      next(CTORCH_DOUBLE).number = value.toScalar().toDouble();
    } else {
      TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " cannot be handed over");
      next(CTORCH_NONE);
    }
  }
};

}  // namespace

CTorchStatus ctorch_operator_find(const char *name, const char *overload, CTorchOperator *found) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(handle.has_value(), "libtorch has no operator ", name, *overload ? "." : "", overload);
    auto op = std::make_unique<Operator>(Operator{*handle, {}, {}});
    for (const auto &declared : handle->schema().arguments()) {
      op->parameters.push_back(parameter_of(*declared.type()));
      op->parameters.back().is_written = declared.alias_info() != nullptr && declared.alias_info()->isWrite();
    }
    op->schema = c10::toString(handle->schema());
    *found = reinterpret_cast<CTorchOperator>(op.release());
  });
}

const char *ctorch_operator_schema(CTorchOperator op) { return reinterpret_cast<Operator *>(op)->schema.c_str(); }

CTorchStatus ctorch_operator_call(
    CTorchOperator opaque, const CTorchValue *arguments, int64_t argument_count, CTorchValue *results,
    int64_t capacity, int64_t *result_count) {
  Results out{results, capacity};
  auto status = guarded([&] {
    ctorch::keep_library_on_thread();
    const auto &op = *reinterpret_cast<Operator *>(opaque);
    TORCH_CHECK(
        argument_count <= static_cast<int64_t>(op.parameters.size()), op.schema, ": ", argument_count,
        " arguments were given");
    torch::jit::Stack stack;
    stack.reserve(op.parameters.size());
    for (size_t i = 0; i < op.parameters.size(); i++) stack.push_back(argument(op, i, arguments, argument_count));
    {
      const Written written(op, stack);
      op.handle.callBoxed(stack);
    }
    for (const auto &value : stack) out.append(value);
  });
  if (status != CTORCH_OK) {
    for (int64_t i = 0; i < out.count; i++) {
      if (results[i].tag == CTORCH_TENSOR) ctorch_tensor_release(results[i].tensor);
    }
    out.count = 0;
  }
  *result_count = out.count;
  return status;
}
