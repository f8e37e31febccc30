// The derivatives of gan::convolution, its transpose and its weight's gradient: three operators that are linear in both
// arguments, so that the derivative of each is made of the others, as often as one derives.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/library.h>

#include "calls.h"

namespace {

using ctorch::OptionalTensor;
using ctorch::Sizes;
using ctorch::autocast_of;
using ctorch::bias_gradient;
using ctorch::call_convolution;
using ctorch::call_transpose;
using ctorch::call_weight;
using ctorch::narrowed;
using Context = torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void save(Context *context, const variable_list &tensors, Sizes stride, Sizes padding, int64_t groups, bool has_bias) {
  context->save_for_backward(tensors);
  context->saved_data["stride"] = stride;
  context->saved_data["padding"] = padding;
  context->saved_data["groups"] = groups;
  context->saved_data["has_bias"] = has_bias;
}

struct Saved {
  at::Tensor first, second;
  std::vector<int64_t> stride, padding;
  int64_t groups;
  /// Whether there is a third gradient to ask about.
  bool has_bias;

  explicit Saved(Context *context) {
    const auto tensors = context->get_saved_variables();
    first = tensors[0];
    second = tensors[1];
    stride = context->saved_data["stride"].toIntVector();
    padding = context->saved_data["padding"].toIntVector();
    groups = context->saved_data["groups"].toInt();
    has_bias = context->saved_data["has_bias"].toBool();
  }
};

struct Convolution : torch::autograd::Function<Convolution> {
  static at::Tensor forward(
      Context *context, const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride,
      Sizes padding, Sizes size, int64_t groups) {
    save(context, {x, weight}, stride, padding, groups, bias.has_value());
    at::AutoDispatchBelowADInplaceOrView below;
    return call_convolution(x, weight, bias, stride, padding, size, groups);
  }

  static variable_list backward(Context *context, variable_list gradients) {
    const Saved saved(context);
    const auto &x = saved.first, &weight = saved.second, &gradient = gradients[0];
    variable_list found(7);
    if (context->needs_input_grad(0)) {
      found[0] = call_transpose(
          gradient, weight, {}, saved.stride, saved.padding, x.sizes().slice(2), saved.groups);
    }
    if (context->needs_input_grad(1)) {
      found[1] = call_weight(x, gradient, saved.stride, saved.padding, weight.sizes().slice(2), saved.groups);
    }
    if (saved.has_bias && context->needs_input_grad(2)) found[2] = bias_gradient(gradient, {0, 2, 3});
    return found;
  }
};

struct Transpose : torch::autograd::Function<Transpose> {
  static at::Tensor forward(
      Context *context, const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride,
      Sizes padding, Sizes size, int64_t groups) {
    save(context, {y, weight}, stride, padding, groups, bias.has_value());
    at::AutoDispatchBelowADInplaceOrView below;
    return call_transpose(y, weight, bias, stride, padding, size, groups);
  }

  static variable_list backward(Context *context, variable_list gradients) {
    const Saved saved(context);
    const auto &y = saved.first, &weight = saved.second, &gradient = gradients[0];
    variable_list found(7);
    if (context->needs_input_grad(0)) {
      found[0] = call_convolution(
          gradient, weight, {}, saved.stride, saved.padding, y.sizes().slice(2), saved.groups);
    }
    if (context->needs_input_grad(1)) {
      found[1] = call_weight(gradient, y, saved.stride, saved.padding, weight.sizes().slice(2), saved.groups);
    }
    if (saved.has_bias && context->needs_input_grad(2)) found[2] = bias_gradient(gradient, {0, 2, 3});
    return found;
  }
};

struct WeightGradient : torch::autograd::Function<WeightGradient> {
  static at::Tensor forward(
      Context *context, const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel,
      int64_t groups) {
    save(context, {x, y}, stride, padding, groups, false);
    at::AutoDispatchBelowADInplaceOrView below;
    return call_weight(x, y, stride, padding, kernel, groups);
  }

  static variable_list backward(Context *context, variable_list gradients) {
    const Saved saved(context);
    const auto &x = saved.first, &y = saved.second, &gradient = gradients[0];
    variable_list found(6);
    if (context->needs_input_grad(0)) {
      found[0] =
          call_transpose(y, gradient, {}, saved.stride, saved.padding, x.sizes().slice(2), saved.groups);
    }
    if (context->needs_input_grad(1)) {
      found[1] =
          call_convolution(x, gradient, {}, saved.stride, saved.padding, y.sizes().slice(2), saved.groups);
    }
    return found;
  }
};

at::Tensor convolution_autograd(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  if (torch::autograd::compute_requires_grad(x, weight, bias)) {
    return Convolution::apply(x, weight, bias, stride, padding, size, groups);
  }
  at::AutoDispatchBelowADInplaceOrView below;
  return call_convolution(x, weight, bias, stride, padding, size, groups);
}

at::Tensor transpose_autograd(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  if (torch::autograd::compute_requires_grad(y, weight, bias)) {
    return Transpose::apply(y, weight, bias, stride, padding, size, groups);
  }
  at::AutoDispatchBelowADInplaceOrView below;
  return call_transpose(y, weight, bias, stride, padding, size, groups);
}

at::Tensor weight_autograd(
    const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel, int64_t groups) {
  if (torch::autograd::compute_requires_grad(x, y)) {
    return WeightGradient::apply(x, y, stride, padding, kernel, groups);
  }
  at::AutoDispatchBelowADInplaceOrView below;
  return call_weight(x, y, stride, padding, kernel, groups);
}

at::Tensor convolution_autocast(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  c10::impl::ExcludeDispatchKeyGuard below(autocast_of(x));
  return call_convolution(narrowed(x), weight, bias, stride, padding, size, groups);
}

at::Tensor transpose_autocast(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  c10::impl::ExcludeDispatchKeyGuard below(autocast_of(y));
  return call_transpose(narrowed(y), weight, bias, stride, padding, size, groups);
}

void register_autocast(torch::Library &library) {
  library.impl("convolution", convolution_autocast);
  library.impl("convolution_transpose", transpose_autocast);
}

}  // namespace

TORCH_LIBRARY_IMPL(gan, Autograd, library) {
  library.impl("convolution", convolution_autograd);
  library.impl("convolution_transpose", transpose_autograd);
  library.impl("convolution_weight", weight_autograd);
}
TORCH_LIBRARY_IMPL(gan, AutocastCPU, library) { register_autocast(library); }
TORCH_LIBRARY_IMPL(gan, AutocastCUDA, library) { register_autocast(library); }
TORCH_LIBRARY_IMPL(gan, AutocastPrivateUse1, library) { register_autocast(library); }
