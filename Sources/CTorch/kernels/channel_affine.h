// What normalisation makes of the values of each channel.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <ATen/OpMathType.h>

#include "../vectorised.h"

namespace ctorch {

/// The numbers of `tensor`, one for each of the channels of `input`, in `type` and without gaps.
inline at::Tensor of_channels(const at::Tensor &tensor, const at::Tensor &input, at::ScalarType type, const char *what) {
  TORCH_CHECK(
      tensor.dim() == 1 && tensor.size(0) == input.size(1) && at::isFloatingType(tensor.scalar_type()),
      "normalisation of ", input.sizes(), " takes a ", what, " of ", input.size(1), " floating-point numbers, one a "
      "channel, and was given ", tensor.scalar_type(), " ", tensor.sizes());
  return tensor.to(type).contiguous();
}

/// What becomes of a channel's values: (x − mean) scale + bias, all `[C]`; scale is weight times `inverse`.
struct Affine {
  at::Tensor mean, inverse, scale, bias;

  /// Refuses what is not one number for each of the channels of `input`.
  Affine(
      const at::Tensor &input, const at::Tensor &mean, const at::Tensor &variance, const std::optional<at::Tensor> &weight,
      const std::optional<at::Tensor> &bias, double epsilon) {
    const auto type = at::toOpMathType(input.scalar_type());
    this->mean = of_channels(mean, input, type, "mean");
    const auto variances = of_channels(variance, input, type, "variance");
    const auto weights = weight ? of_channels(*weight, input, type, "weight") : at::Tensor();
    this->bias = bias ? of_channels(*bias, input, type, "bias") : at::zeros_like(this->mean);
    inverse = at::empty_like(variances);
    scale = weight ? at::empty_like(weights) : inverse;
    // Few numbers, for which calls of libtorch's operators would take longer than the arithmetic.
    AT_DISPATCH_FLOATING_TYPES(type, "gan::batch_norm", [&] {
      const auto *from = static_cast<const scalar_t *>(variances.const_data_ptr());
      const auto *factors = weight ? static_cast<const scalar_t *>(weights.const_data_ptr()) : nullptr;
      auto *inverses = static_cast<scalar_t *>(inverse.mutable_data_ptr());
      auto *scales = static_cast<scalar_t *>(scale.mutable_data_ptr());
      const auto count = variances.numel();
      const auto added = static_cast<scalar_t>(epsilon);
      vectorised([=]() CTORCH_INLINE {
        CTORCH_INDEPENDENT for (int64_t c = 0; c < count; c++) {
          inverses[c] = 1 / __builtin_elementwise_sqrt(from[c] + added);
        }
        if (factors == nullptr) return;
        CTORCH_INDEPENDENT for (int64_t c = 0; c < count; c++) scales[c] = inverses[c] * factors[c];
      });
    });
  }
};

}  // namespace ctorch
