// A convolution, its transpose and its weight's gradient of libtorch's own operators: on devices without kernels of ours,
// and where our kernels do not apply. Their arguments have been checked.
#pragma once

#include "window.h"

namespace ctorch {

inline at::Tensor channels_last(const at::Tensor &tensor) { return tensor.contiguous(at::MemoryFormat::ChannelsLast); }

inline at::Tensor empty_maps(const at::Tensor &like, Sizes size) {
  return at::empty(size, like.options(), at::MemoryFormat::ChannelsLast);
}

at::Tensor composed_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window);

at::Tensor composed_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window);

at::Tensor composed_weight_gradient(const at::Tensor &x, const at::Tensor &y, Sizes kernel, const Window &window);

}  // namespace ctorch
