#include "composition.h"

#include <torch/library.h>

namespace ctorch {
namespace {

/// Pads x, or crops it, until windows without padding make `size` of it.
at::Tensor fitted(const at::Tensor &x, Sizes kernel, Sizes size, const Window &window) {
  std::array<int64_t, 4> amounts;
  for (int axis = 0; axis < 2; axis++) {
    const int64_t before = window.padding[axis];
    const int64_t covered = (size[axis] - 1) * window.stride[axis] + kernel[axis];
    amounts[2 - 2 * axis] = before;
    amounts[3 - 2 * axis] = covered - x.size(2 + axis) - before;
  }
  return at::constant_pad_nd(x, amounts);
}

/// Whether libtorch, which pads alike before and behind, makes `size` of x with this padding.
bool is_even(Sizes x, Sizes kernel, Sizes size, const Window &window) {
  for (int axis = 0; axis < 2; axis++) {
    const int64_t covered = x[axis] + 2 * window.padding[axis] - kernel[axis];
    if (covered < 0 || covered / window.stride[axis] + 1 != size[axis]) return false;
  }
  return true;
}

/// libtorch's gradients of a convolution that pads alike before and behind: that of x or that of the weight.
at::Tensor libtorch_gradient(
    const at::Tensor &y, const at::Tensor &x, const at::Tensor &weight, const Window &window, bool of_weight) {
  auto gradients = at::convolution_backward(
      y, x, weight, at::OptionalIntArrayRef(), window.stride, window.padding, Sizes{1, 1}, false, Sizes{0, 0}, window.groups,
      {!of_weight, of_weight, false});
  return of_weight ? std::get<1>(gradients) : std::get<0>(gradients);
}

/// Whether windows of a pixel see maps of a pixel: then all three are plain products, of matrices [N, channels].
bool is_product(Sizes x, Sizes kernel, Sizes y, const Window &window) {
  return x[0] == 1 && x[1] == 1 && y[0] == 1 && y[1] == 1 && kernel[0] == 1 && kernel[1] == 1 && window.groups == 1 &&
      window.padding[0] == 0 && window.padding[1] == 0;
}

at::Tensor as_matrix(const at::Tensor &maps) { return maps.flatten(1); }

at::Tensor as_maps(const at::Tensor &matrix) { return matrix.unsqueeze(2).unsqueeze(3); }

}  // namespace

at::Tensor composed_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  const auto type = x.scalar_type();
  const auto kernel = weight.sizes().slice(2);
  const auto own_bias = bias ? OptionalTensor(bias->to(type)) : bias;
  if (is_product(x.sizes().slice(2), kernel, size, window)) {
    const auto factor = as_matrix(weight.to(type)).t();
    return as_maps(own_bias ? at::addmm(*own_bias, as_matrix(x), factor) : at::mm(as_matrix(x), factor));
  }
  const bool even = is_even(x.sizes().slice(2), kernel, size, window);
  return at::conv2d(
      even ? channels_last(x) : fitted(x, kernel, size, window), weight.to(type), own_bias, window.stride,
      even ? window.padding : Sizes{0, 0}, Sizes{1, 1}, window.groups);
}

at::Tensor composed_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  const auto type = y.scalar_type();
  const auto kernel = weight.sizes().slice(2);
  at::Tensor x;
  if (is_product(size, kernel, y.sizes().slice(2), window)) {
    x = as_maps(at::mm(as_matrix(y), as_matrix(weight.to(type))));
  } else if (is_even(size, kernel, y.sizes().slice(2), window)) {
    // Of x libtorch reads only the shape and the order in memory.
    const auto like = empty_maps(y, {y.size(0), weight.size(1) * window.groups, size[0], size[1]});
    x = libtorch_gradient(channels_last(y), like, weight.to(type), window, false);
  } else {
    const auto full =
        at::conv_transpose2d(y, weight.to(type), {}, window.stride, Sizes{0, 0}, Sizes{0, 0}, window.groups);
    const auto &padding = window.padding;
    const int64_t rows = size[0] + padding[0] - full.size(2), columns = size[1] + padding[1] - full.size(3);
    x = at::constant_pad_nd(full, {-padding[1], columns, -padding[0], rows});
  }
  return bias ? x + bias->to(type).view({1, -1, 1, 1}) : x;
}

at::Tensor composed_weight_gradient(const at::Tensor &x, const at::Tensor &y, Sizes kernel, const Window &window) {
  const auto weight = at::empty({y.size(1), x.size(1) / window.groups, kernel[0], kernel[1]}, x.options());
  const auto size = y.sizes().slice(2);
  const auto gradient = is_product(x.sizes().slice(2), kernel, size, window)
      ? as_maps(at::mm(as_matrix(y).t(), as_matrix(x)))
      : is_even(x.sizes().slice(2), kernel, size, window)
      ? libtorch_gradient(channels_last(y), channels_last(x), weight, window, true)
      : libtorch_gradient(
            y, fitted(x, kernel, size, window), weight, {window.stride, Sizes{0, 0}, window.groups}, true);
  return x.scalar_type() == at::kDouble ? gradient : gradient.to(at::kFloat);
}

namespace {

at::Tensor convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  check_convolution(x, weight, bias, size, window);
  return composed_convolution(x, weight, bias, size, window);
}

at::Tensor convolution_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  check_transpose(y, weight, bias, size, window);
  return composed_transpose(y, weight, bias, size, window);
}

at::Tensor convolution_weight(
    const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel, int64_t groups) {
  const Window window{stride, padding, groups};
  check_weight_gradient(x, y, kernel, window);
  return composed_weight_gradient(x, y, kernel, window);
}

}  // namespace
}  // namespace ctorch

TORCH_LIBRARY_IMPL(gan, CompositeExplicitAutograd, library) {
  library.impl("convolution", ctorch::convolution);
  library.impl("convolution_transpose", ctorch::convolution_transpose);
  library.impl("convolution_weight", ctorch::convolution_weight);
}
