// gan::linear: y = x Wᵀ + b for rows [N, in], a weight [out, in] and a bias [out]. It is a convolution of single pixels,
// whose kernels take the products of all three derivatives too; as an operator of its own it leaves autograd no views to
// remember.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/library.h>

#include "calls.h"

namespace {

using ctorch::OptionalTensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::array<int64_t, 2> one{1, 1}, none{0, 0};

/// A matrix as maps of a pixel. They share the count of changes to the elements, which libtorch's views do not below autograd:
/// kernels know by it what they have prepared.
at::Tensor as_pixels(const at::Tensor &matrix) {
  auto maps = matrix.view({matrix.size(0), matrix.size(1), 1, 1});
  maps.unsafeGetTensorImpl()->set_version_counter(matrix.unsafeGetTensorImpl()->version_counter());
  return maps;
}

at::Tensor as_matrix(const at::Tensor &maps) { return maps.view({maps.size(0), maps.size(1)}); }

at::Tensor product(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  TORCH_CHECK(
      x.dim() == 2 && weight.dim() == 2 && x.size(1) == weight.size(1),
      "a linear map takes rows [N, in] and a weight [out, in], and was given ", x.sizes(), " and ", weight.sizes());
  return as_matrix(ctorch::call_convolution(as_pixels(x), as_pixels(weight), bias, one, none, one, 1));
}

struct Linear : torch::autograd::Function<Linear> {
  static at::Tensor forward(
      AutogradContext *context, const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
    context->save_for_backward({x, weight});
    context->saved_data["has_bias"] = bias.has_value();
    at::AutoDispatchBelowADInplaceOrView below;
    return product(x, weight, bias);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    // Without recording, the gradient is not differentiated again.
    std::optional<at::AutoDispatchBelowADInplaceOrView> below;
    if (!at::GradMode::is_enabled()) below.emplace();
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1], &gradient = gradients[0];
    const auto pixels = as_pixels(gradient);
    variable_list found(3);
    if (context->needs_input_grad(0)) {
      found[0] = as_matrix(ctorch::call_transpose(pixels, as_pixels(weight), {}, one, none, one, 1));
    }
    if (context->needs_input_grad(1)) {
      found[1] = as_matrix(ctorch::call_weight(as_pixels(x), pixels, one, none, one, 1));
    }
    // Without a bias there is no third gradient to ask about.
    const bool has_bias = context->saved_data["has_bias"].toBool();
    if (has_bias && context->needs_input_grad(2)) found[2] = ctorch::bias_gradient(gradient, 0);
    return found;
  }
};

at::Tensor linear_autograd(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  if (torch::autograd::compute_requires_grad(x, weight, bias)) return Linear::apply(x, weight, bias);
  at::AutoDispatchBelowADInplaceOrView below;
  return product(x, weight, bias);
}

at::Tensor linear_autocast(const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
  static const auto op = ctorch::operation<at::Tensor(const at::Tensor &, const at::Tensor &, const OptionalTensor &)>(
      "gan::linear");
  c10::impl::ExcludeDispatchKeyGuard below(ctorch::autocast_of(x));
  return op.call(ctorch::narrowed(x), weight, bias);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) { library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor"); }
TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) { library.impl("linear", product); }
TORCH_LIBRARY_IMPL(gan, Autograd, library) { library.impl("linear", linear_autograd); }
TORCH_LIBRARY_IMPL(gan, AutocastCPU, library) { library.impl("linear", linear_autocast); }
TORCH_LIBRARY_IMPL(gan, AutocastCUDA, library) { library.impl("linear", linear_autocast); }
TORCH_LIBRARY_IMPL(gan, AutocastPrivateUse1, library) { library.impl("linear", linear_autocast); }
