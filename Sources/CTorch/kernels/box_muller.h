// Standard normal numbers from pairs of words (Box and Muller 1958), in vector instructions: to the bit what libm's
// functions give in double precision, rounded to float32. Series find each number to many more digits than a float has; if
// these do not decide how it is rounded, which is rare, libm does.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "../vectorised.h"

namespace ctorch {

constexpr double two_pi = 6.283185307179586476925286766559, word_unit = 1.0 / 4294967296.0;

/// (word + 1/2) / 2^32, which lies strictly between 0 and 1.
CTORCH_INLINE inline double share_of(uint32_t word) { return (word + 0.5) * word_unit; }

/// The numbers of a pair of words, by libm.
inline void normal_pair(uint32_t first, uint32_t second, float &cosine, float &sine) {
  const double radius = std::sqrt(-2.0 * std::log(share_of(first))), angle = two_pi * share_of(second);
  cosine = static_cast<float>(radius * std::cos(angle));
  sine = static_cast<float>(radius * std::sin(angle));
}

/// ln x to 1e-15 or so: x = 2^e m with m between √½ and √2, and ln m = 2 artanh s with s = (m − 1) / (m + 1).
CTORCH_INLINE inline double series_log(double x) {
  const auto bits = std::bit_cast<int64_t>(x), exponent = (bits - std::bit_cast<int64_t>(0.70710678118654752)) >> 52;
  const double m = std::bit_cast<double>(bits - (exponent << 52)), s = (m - 1) / (m + 1), z = s * s;
  double sum = 1.0 / 21;
  for (int k = 19; k > 0; k -= 2) sum = sum * z + 1.0 / k;
  return static_cast<int32_t>(exponent) * 0.69314718055994531 + 2 * s * sum;
}

/// The numbers of `count` pairs of words.
///
/// - Parameter doubtful: set to whether ``normal_pair`` may round either number of a pair to another float.
CTORCH_INLINE inline void normal_pairs(
    const uint32_t *first, const uint32_t *second, int64_t count, float *cosines, float *sines, uint32_t *doubtful) {
  // What the numbers are off by is far less.
  constexpr double error = 1e-13;
  const auto is_doubtful = [](double number) CTORCH_INLINE {
    return static_cast<float>(number - error) != static_cast<float>(number + error);
  };
  CTORCH_INDEPENDENT for (int64_t i = 0; i < count; i++) {
    // std::sqrt would set errno, which vector instructions cannot.
    const double radius = __builtin_elementwise_sqrt(-2.0 * series_log(share_of(first[i])));
    // Quarters of a turn, and at most an eighth of one to either side, whose sine and cosine converge fast.
    const double turns = share_of(second[i]);
    const auto quarters = static_cast<int32_t>(turns * 4 + 0.5);
    const double y = (turns - quarters * 0.25) * two_pi, z = y * y;
    double s = 1, c = 1;
    for (int k = 17; k > 1; k -= 2) s = 1 - z * s / (k * (k - 1));
    for (int k = 16; k > 0; k -= 2) c = 1 - z * c / (k * (k - 1));
    s *= y;
    const bool is_odd = quarters & 1;
    const double cosine = radius * (quarters == 1 || quarters == 2 ? -1 : 1) * (is_odd ? s : c);
    const double sine = radius * (quarters == 2 || quarters == 3 ? -1 : 1) * (is_odd ? c : s);
    cosines[i] = static_cast<float>(cosine);
    sines[i] = static_cast<float>(sine);
    doubtful[i] = is_doubtful(cosine) || is_doubtful(sine);
  }
}

}  // namespace ctorch
