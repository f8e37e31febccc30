// The operators of the device. Creation, views and copies are its own; the rest is computed by the host's.
#include <ATen/EmptyTensor.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <torch/library.h>

#include "PretendedGPU.h"
#include "counts.h"
#include "generator.h"
#include "kernel.h"
#include "memory.h"

namespace {

using pretended::Kernel;
using pretended::Opened;
using OptionalTensor = std::optional<at::Tensor>;

const c10::DispatchKeySet keys(c10::DispatchKey::PrivateUse1);

// Creation -----------------------------------------------------------------------------------------------------------

at::Tensor empty(
    c10::SymIntArrayRef sizes, std::optional<at::ScalarType> type, std::optional<at::Layout>,
    std::optional<at::Device>, std::optional<bool>, std::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(
      C10_AS_INTARRAYREF_SLOW(sizes), pretended::allocator(), keys, c10::dtype_or_default(type), format);
}

at::Tensor empty_strided(
    c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides, std::optional<at::ScalarType> type,
    std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>) {
  return at::detail::empty_strided_generic(
      C10_AS_INTARRAYREF_SLOW(sizes), C10_AS_INTARRAYREF_SLOW(strides), pretended::allocator(), keys,
      c10::dtype_or_default(type));
}

const at::Tensor &resize_(
    const at::Tensor &self, c10::SymIntArrayRef symbolic, std::optional<at::MemoryFormat> format) {
  const auto sizes = C10_AS_INTARRAYREF_SLOW(symbolic);
  auto *implementation = self.unsafeGetTensorImpl();
  const auto &storage = self.storage();
  const size_t offset = self.storage_offset() * self.element_size();
  const size_t bytes = offset + at::detail::computeStorageNbytesContiguous(sizes, self.element_size());
  if (bytes > storage.nbytes()) {
    auto grown = pretended::allocator()->allocate(bytes);
    pretended::allocator()->copy_data(grown.get(), storage.data(), storage.nbytes());
    storage.unsafeGetStorageImpl()->set_data_ptr_noswap(std::move(grown));
    storage.unsafeGetStorageImpl()->set_nbytes(bytes);
  }
  implementation->set_sizes_contiguous(sizes);
  if (format && *format != at::MemoryFormat::Preserve) implementation->empty_tensor_restride(*format);
  return self;
}

// Views --------------------------------------------------------------------------------------------------------------

at::Tensor as_strided(
    const at::Tensor &self, c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides, std::optional<c10::SymInt> offset) {
  return at::native::as_strided_tensorimpl(
      self, C10_AS_INTARRAYREF_SLOW(sizes), C10_AS_INTARRAYREF_SLOW(strides),
      offset ? std::optional(offset->expect_int()) : std::nullopt);
}

at::Tensor view(const at::Tensor &self, c10::SymIntArrayRef sizes) {
  return at::native::view(self, C10_AS_INTARRAYREF_SLOW(sizes));
}

at::Tensor reshape_alias(const at::Tensor &self, c10::SymIntArrayRef sizes, c10::SymIntArrayRef strides) {
  return at::native::_reshape_alias(self, C10_AS_INTARRAYREF_SLOW(sizes), C10_AS_INTARRAYREF_SLOW(strides));
}

// Copies -------------------------------------------------------------------------------------------------------------

at::Tensor copy_from(const at::Tensor &source, const at::Tensor &target, bool) {
  const at::AutoDispatchBelowADInplaceOrView below;
  if (!Kernel::is_running()) {
    if (!target.is_privateuseone()) {
      pretended::count_read(source.numel(), c10::str("a copy of ", source.scalar_type(), " ", source.sizes()));
    } else if (!source.is_privateuseone()) {
      pretended::count_upload();
    }
  }
  const Opened from(source), to(target);
  to->copy_(*from);
  return target;
}

at::Tensor copy_from_and_resize(const at::Tensor &source, const at::Tensor &target) {
  if (source.sizes() != target.sizes()) target.resize_(source.sizes());
  return copy_from(source, target, false);
}

at::Scalar local_scalar_dense(const at::Tensor &self) {
  if (!Kernel::is_running()) pretended::count_read(1, c10::str("the value of a ", self.scalar_type(), " scalar"));
  return Opened(self)->item();
}

// Convolutions, which libtorch leaves to devices of this kind ------------------------------------------------------------

at::Tensor on_host(const at::Tensor &tensor) { return tensor.defined() ? tensor.cpu() : tensor; }

at::Tensor convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding, int64_t groups) {
  const auto addend = bias.value_or(at::Tensor());
  pretended::check_devices("aten::convolution", {x, weight, addend});
  const Kernel kernel;
  return at::convolution(
             on_host(x), on_host(weight), on_host(addend), stride, padding, dilation, transposed, output_padding, groups)
      .to(x.device());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> convolution_backward(
    const at::Tensor &gradient, const at::Tensor &x, const at::Tensor &weight, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding, int64_t groups,
    std::array<bool, 3> mask) {
  pretended::check_devices("aten::convolution_backward", {gradient, x, weight});
  const Kernel kernel;
  const std::array<int64_t, 1> bias_size{gradient.size(1)};
  const auto [of_x, of_weight, of_bias] = at::convolution_backward(
      on_host(gradient), on_host(x), on_host(weight), at::OptionalIntArrayRef(bias_size), stride, padding, dilation,
      transposed, output_padding, groups, mask);
  const auto back = [&](const at::Tensor &tensor) { return tensor.defined() ? tensor.to(x.device()) : tensor; };
  return {back(of_x), back(of_weight), back(of_bias)};
}

// All others -----------------------------------------------------------------------------------------------------------

/// The tensors among values and lists of such.
std::vector<at::Tensor> tensors_of(at::ArrayRef<c10::IValue> values) {
  std::vector<at::Tensor> tensors;
  for (const auto &value : values) {
    if (value.isTensor()) {
      tensors.push_back(value.toTensor());
    } else if (value.isList()) {
      for (const c10::IValue &element : value.toListRef()) {
        if (element.isTensor()) tensors.push_back(element.toTensor());
      }
    }
  }
  return tensors;
}

/// Whether there is a mask among the indices of an operator, which stand in a list.
bool has_mask(at::ArrayRef<c10::IValue> arguments) {
  const auto is_mask = [](const c10::IValue &value) {
    return value.isTensor() && value.toTensor().defined() &&
        (value.toTensor().scalar_type() == at::kBool || value.toTensor().scalar_type() == at::kByte);
  };
  return std::any_of(arguments.begin(), arguments.end(), [&](const c10::IValue &argument) {
    return argument.isList() && std::any_of(argument.toListRef().begin(), argument.toListRef().end(), is_mask);
  });
}

/// Whether a GPU's host waits for values: those that are the result, or on which its shape depends.
bool reads_values(const c10::OperatorHandle &op, at::ArrayRef<c10::IValue> arguments) {
  const auto &name = op.operator_name().name;
  // libtorch looks for the elements of a mask by another operator before it takes them, and within this one if it puts them.
  if (name == "aten::index") return false;
  if (name == "aten::_index_put_impl_") return has_mask(arguments);
  return op.hasTag(at::Tag::data_dependent_output) || op.hasTag(at::Tag::dynamic_output_shape);
}

void fallback(const c10::OperatorHandle &op, torch::jit::Stack *stack) {
  const auto &name = op.operator_name();
  // The host's kernel would do, and hide that other devices have none.
  TORCH_CHECK(
      name.getNamespace() != "gan", name.name, " has a kernel for the host alone, and no composition for other devices");
  const auto arguments = torch::jit::last(*stack, op.schema().arguments().size());
  const auto full_name = c10::toString(name);
  pretended::check_devices(full_name, tensors_of(arguments));
  for (auto &value : *stack) {
    if (!value.isGenerator()) continue;
    TORCH_CHECK(
        value.toGenerator().device().is_privateuseone(), full_name, " draws from a generator of its tensors' device, and "
        "was given one of ", value.toGenerator().device());
    value = pretended::host_generator(value.toGenerator());
  }
  if (!Kernel::is_running() && reads_values(op, arguments)) pretended::count_read(1, full_name);
  const Kernel kernel;
  at::native::cpu_fallback(op, stack, /*error_on_views=*/true);
}

/// What a kernel of the host's does that gets a tensor of the device's by mistake.
at::Tensor read_on_host(const at::Tensor &self) {
  return at::scalar_tensor(static_cast<const volatile unsigned char *>(self.const_data_ptr())[0]);
}

}  // namespace

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&fallback>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", empty);
  library.impl("empty_strided", empty_strided);
  library.impl("resize_", resize_);
  library.impl("as_strided", as_strided);
  library.impl("view", view);
  library.impl("_reshape_alias", reshape_alias);
  library.impl("unfold", at::native::unfold);
  library.impl("_copy_from", copy_from);
  library.impl("_copy_from_and_resize", copy_from_and_resize);
  library.impl("_local_scalar_dense", local_scalar_dense);
  // The composition that devices of this kind get by default cannot view maps whose channels lie side by side; a GPU has a
  // kernel of its own.
  library.impl("native_group_norm", torch::CppFunction::makeFromBoxedFunction<&fallback>());
  library.impl("convolution_overrideable", convolution);
  library.impl("convolution_backward_overrideable", convolution_backward);
}

// A kernel of ours that was written for the host alone.
TORCH_LIBRARY_FRAGMENT(gan, library) { library.def("host_only(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("host_only", [](const at::Tensor &self) { return self.clone(); });
}

TORCH_LIBRARY(pretended, library) { library.def("read_on_host(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(pretended, PrivateUse1, library) { library.impl("read_on_host", read_on_host); }

const char *pretended_gpu_kernels_of_the_host_alone(void) {
  static const auto names = [] {
    std::vector<std::string> names;
    auto &dispatcher = c10::Dispatcher::singleton();
    for (const auto &name : dispatcher.getAllOpNames()) {
      if (name.getNamespace() != "gan") continue;
      const auto op = dispatcher.findOp(name);
      const bool is_everywhere = op->hasKernelForDispatchKey(c10::DispatchKey::CompositeExplicitAutograd) ||
          op->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
      if (!is_everywhere) names.push_back(name.name);
    }
    std::sort(names.begin(), names.end());
    return c10::Join(",", names);
  }();
  return names.c_str();
}
