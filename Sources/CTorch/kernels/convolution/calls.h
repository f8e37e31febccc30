// Calls of the convolutions by their operators, so that autograd and autocast see them, and what these ask.
#pragma once

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include "../operation.h"
#include "window.h"

namespace ctorch {

using Convolve = at::Tensor(
    const at::Tensor &, const at::Tensor &, const OptionalTensor &, Sizes, Sizes, Sizes, int64_t);
using Correlate = at::Tensor(const at::Tensor &, const at::Tensor &, Sizes, Sizes, Sizes, int64_t);

inline at::Tensor call_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  static const auto op = operation<Convolve>("gan::convolution");
  return op.call(x, weight, bias, stride, padding, size, groups);
}

inline at::Tensor call_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  static const auto op = operation<Convolve>("gan::convolution_transpose");
  return op.call(y, weight, bias, stride, padding, size, groups);
}

inline at::Tensor call_weight(
    const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel, int64_t groups) {
  static const auto op = operation<Correlate>("gan::convolution_weight");
  return op.call(x, y, stride, padding, kernel, groups);
}

/// The sums over all axes but the second of maps `[N, C, H, W]` on the host, float32 or float64 `[C]`.
at::Tensor channel_sums(const at::Tensor &maps);

/// The bias's gradient from that of maps `[N, C, ...]`.
inline at::Tensor bias_gradient(const at::Tensor &gradient, Sizes axes) {
  // libtorch would widen all maps first.
  if (gradient.is_cpu() && gradient.dim() == 4 && !at::GradMode::is_enabled()) return channel_sums(gradient);
  const bool wide = gradient.scalar_type() == at::kDouble;
  return gradient.sum(axes, false, wide ? at::kDouble : at::kFloat);
}

/// Under autocast, maps are taken in the narrow type of their device; the weight is rounded by the kernel, which reads it
/// anyway.
inline at::Tensor narrowed(const at::Tensor &maps) {
  return maps.scalar_type() == at::kFloat ? maps.to(at::autocast::get_autocast_dtype(maps.device().type())) : maps;
}

inline c10::DispatchKey autocast_of(const at::Tensor &maps) {
  return at::autocast::get_autocast_dispatch_key_from_device_type(maps.device().type());
}

}  // namespace ctorch
