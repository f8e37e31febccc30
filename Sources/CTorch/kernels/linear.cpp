// gan::linear: x Wᵀ + b by libtorch's matrix products, in parts on the pool's threads. Linear in x and in W, so that the
// derivative is made of the operator itself, as often as one derives.
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "library_parts.h"

namespace {

using OptionalTensor = std::optional<at::Tensor>;

void check(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  TORCH_CHECK(
      x.dim() == 2 && weight.dim() == 2 && x.size(1) == weight.size(1), "gan::linear takes rows [N, in] and a weight "
      "[out, in], and was given ", x.sizes(), " and ", weight.sizes());
  TORCH_CHECK(
      !bias || (bias->dim() == 1 && bias->size(0) == weight.size(0)), "gan::linear to ", weight.size(0),
      " numbers takes a bias of as many, and was given ", bias ? bias->sizes() : at::IntArrayRef());
}

at::Tensor linear_composed(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  check(x, weight, bias);
  return bias ? at::addmm(*bias, x, weight.t()) : at::mm(x, weight.t());
}

at::Tensor linear_cpu(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  check(x, weight, bias);
  const int64_t rows = x.size(0), columns = weight.size(0);
  const double flops = 2.0 * static_cast<double>(rows * columns) * static_cast<double>(x.size(1));
  const auto part = [](const OptionalTensor &bias, int64_t first, int64_t count) {
    return bias ? OptionalTensor(bias->narrow(0, first, count)) : bias;
  };
  if (rows >= columns) {
    return ctorch::in_library_parts(
        rows, ctorch::library_parts(rows, 16, flops), 0,
        [&](int64_t first, int64_t count) { return linear_composed(x.narrow(0, first, count), weight, bias); });
  }
  return ctorch::in_library_parts(
      columns, ctorch::library_parts(columns, 16, flops), 1, [&](int64_t first, int64_t count) {
        return linear_composed(x, weight.narrow(0, first, count), part(bias, first, count));
      });
}

using Linear = at::Tensor(const at::Tensor &, const at::Tensor &, const OptionalTensor &);

at::Tensor call(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  static const auto op = c10::Dispatcher::singleton().findSchemaOrThrow("gan::linear", "").typed<Linear>();
  return op.call(x, weight, bias);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Differentiable : torch::autograd::Function<Differentiable> {
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
    context->save_for_backward({x, weight});
    context->saved_data["has_bias"] = bias.has_value();
    at::AutoDispatchBelowADInplaceOrView below;
    return call(x, weight, bias);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &gradient = gradients[0];
    variable_list found(3);
    if (context->needs_input_grad(0)) found[0] = call(gradient, saved[1].t(), {});
    if (context->needs_input_grad(1)) found[1] = call(gradient.t(), saved[0].t(), {});
    if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) found[2] = gradient.sum(0);
    return found;
  }
};

at::Tensor linear_autograd(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  return Differentiable::apply(x, weight, bias);
}

/// As libtorch's own: everything in the narrow type, weights cast once a scope.
template <c10::DispatchKey key>
at::Tensor linear_autocast(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  c10::impl::ExcludeDispatchKeyGuard below(key);
  const auto device = x.device().type();
  const auto type = at::autocast::get_autocast_dtype(device);
  const auto narrowed = [&](const at::Tensor &tensor) { return at::autocast::cached_cast(type, tensor, device); };
  return call(narrowed(x), narrowed(weight), bias ? OptionalTensor(narrowed(*bias)) : bias);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) { library.impl("linear", linear_cpu); }
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) { library.impl("linear", linear_composed); }
TORCH_LIBRARY_IMPL(gan, Autograd, library) { library.impl("linear", linear_autograd); }
TORCH_LIBRARY_IMPL(gan, AutocastCPU, library) {
  library.impl("linear", linear_autocast<c10::DispatchKey::AutocastCPU>);
}
TORCH_LIBRARY_IMPL(gan, AutocastCUDA, library) {
  library.impl("linear", linear_autocast<c10::DispatchKey::AutocastCUDA>);
}
TORCH_LIBRARY_IMPL(gan, AutocastPrivateUse1, library) {
  library.impl("linear", linear_autocast<c10::DispatchKey::AutocastPrivateUse1>);
}
