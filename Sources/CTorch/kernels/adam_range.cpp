#include <algorithm>

#include "../vectorised.h"
#include "adam.h"

namespace {

template <typename T>
CTORCH_INLINE inline void step(
    const ctorch::AdamMember<T> &member, const ctorch::AdamSettings<T> &settings, int64_t begin, int64_t end) {
  // Copies, so that the loops need not look whether a store has changed them.
  const auto s = settings;
  const T rate = member.rate, root_scale = member.root_scale;
  T *__restrict parameter = member.parameter, *__restrict mean = member.mean, *__restrict square = member.square;
  T *__restrict average = member.average;
  const T *__restrict gradient = member.gradient;
  // Blocks stay in the first-level cache from one loop to the other.
  for (int64_t block = begin; block < end; block += 1024) {
    const int64_t stop = std::min(end, block + 1024);
    if (gradient != nullptr) {
      for (int64_t i = block; i < stop; i++) {
        const T g = gradient[i] + s.decay * parameter[i];
        const T m = s.beta1 * mean[i] + s.rest1 * g, v = s.beta2 * square[i] + s.rest2 * g * g;
        mean[i] = m;
        square[i] = v;
        parameter[i] = s.shrinkage * parameter[i] - rate * m / (__builtin_elementwise_sqrt(v) * root_scale + s.epsilon);
      }
    }
    if (average != nullptr) {
      for (int64_t i = block; i < stop; i++) average[i] = s.average_decay * average[i] + s.average_rest * parameter[i];
    }
  }
}

}  // namespace

void ctorch::adam_range(
    const AdamMember<float> &member, const AdamSettings<float> &settings, int64_t begin, int64_t end) {
  vectorised([=, &member, &settings]() CTORCH_INLINE { step(member, settings, begin, end); });
}

void ctorch::adam_range(
    const AdamMember<double> &member, const AdamSettings<double> &settings, int64_t begin, int64_t end) {
  vectorised([=, &member, &settings]() CTORCH_INLINE { step(member, settings, begin, end); });
}
