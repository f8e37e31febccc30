// Where a convolution's windows lie, and what fits them.
#pragma once

#include <ATen/ATen.h>

namespace ctorch {

using Sizes = at::IntArrayRef;
using OptionalTensor = std::optional<at::Tensor>;

/// What stays the same among a convolution, its transpose and its weight's gradient.
struct Window {
  Sizes stride, padding;
  int64_t groups;
};

/// Refuses what no convolution of `x` to maps of `size` can be taken of.
void check_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window);

/// Refuses what no transpose of a convolution can be taken of, from `y` to maps of `size`.
void check_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window);

/// Refuses what no weight of `kernel` pixels has a gradient by.
void check_weight_gradient(const at::Tensor &x, const at::Tensor &y, Sizes kernel, const Window &window);

}  // namespace ctorch
