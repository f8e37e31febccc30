// Tensors without gaps, in whatever order of their elements in memory, and in that of channels last.
#pragma once

#include <ATen/ATen.h>

namespace ctorch {

/// `tensor` without gaps between its elements: itself when it has none, in whatever order of its axes.
inline at::Tensor without_gaps(const at::Tensor &tensor) {
  return tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous();
}

/// `tensor` with its elements where `example`, of the same shape and without gaps, has them.
inline at::Tensor in_order_of(const at::Tensor &example, const at::Tensor &tensor) {
  if (tensor.strides() == example.strides()) return tensor;
  return at::empty_like(example, tensor.options()).copy_(tensor);
}

/// Whether the second of a tensor's axes are channels of places: `[N, C, H, W]`, and not `[N, T, F]`.
inline bool has_maps(const at::Tensor &tensor) { return tensor.dim() > 3; }

/// A view of `tensor` whose row-major order is channels-last: of maps `[N, C, H, W]` `[N, H, W, C]`, else itself.
inline at::Tensor channels_at_the_end(const at::Tensor &tensor) {
  return has_maps(tensor) ? tensor.movedim(1, -1) : tensor;
}

/// What ``channels_at_the_end`` was made of.
inline at::Tensor channels_in_their_place(const at::Tensor &tensor) {
  return has_maps(tensor) ? tensor.movedim(-1, 1) : tensor;
}

/// `tensor` without gaps in channels-last order: itself when it lies so.
inline at::Tensor in_channels_last_order(const at::Tensor &tensor) {
  if (tensor.is_contiguous(at::MemoryFormat::ChannelsLast)) return tensor;
  return channels_in_their_place(channels_at_the_end(tensor).contiguous());
}

}  // namespace ctorch
