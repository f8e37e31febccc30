// The arithmetic of gan::adam_ for a stretch of one parameter.
#pragma once

#include <cstdint>

namespace ctorch {

/// A parameter and what belongs to it, in one memory order. Without a gradient only the average moves; without an
/// average, nothing but the parameter.
template <typename T> struct AdamMember {
  T *parameter = nullptr;
  const T *gradient = nullptr;
  T *mean = nullptr, *square = nullptr, *average = nullptr;
  /// The learning rate divided by 1 − beta1ᵗ.
  T rate = 0;
  /// 1 / √(1 − beta2ᵗ).
  T root_scale = 0;
};

/// What all parameters share. `decay` is added to the gradient, times the parameter (Adam); `shrinkage` is what a step
/// leaves of the parameter itself (AdamW). The one that is not meant is 0 or 1.
template <typename T> struct AdamSettings {
  T beta1, rest1, beta2, rest2, epsilon, decay, shrinkage, average_decay, average_rest;
};

/// One step for elements begin ..< end.
void adam_range(const AdamMember<float> &, const AdamSettings<float> &, int64_t begin, int64_t end);
void adam_range(const AdamMember<double> &, const AdamSettings<double> &, int64_t begin, int64_t end);

}  // namespace ctorch
