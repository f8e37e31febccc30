// Tensors without gaps, in whatever order their elements lie in memory.
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

}  // namespace ctorch
