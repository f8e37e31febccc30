// Loops that are compiled for the vector instructions of whatever processor runs them, and the 16-bit numbers in them.
#pragma once

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <bit>
#include <cstdint>

#include "instructions.h"

/// Marks a loop's body and all it calls: what is not inlined into ``ctorch::vectorised`` is compiled for any processor.
#define CTORCH_INLINE __attribute__((always_inline))

/// Before a loop whose turns write nothing that another turn reads, so that nobody checks that when it runs.
#define CTORCH_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

namespace ctorch {

// The tuning lets the compiler use all 512 bits; for x86-64-v4 alone it would stay with 256.
template <typename Body> __attribute__((target("arch=x86-64-v4,tune=znver4"))) void with_avx512(const Body &body) {
  body();
}

template <typename Body> __attribute__((target("arch=x86-64-v3"))) void with_avx2(const Body &body) { body(); }

inline const bool has_avx512 = instructions() >= CTORCH_CPU_AVX512, has_avx2 = instructions() >= CTORCH_CPU_AVX2;

/// Calls `body()`, which is marked CTORCH_INLINE, compiled for AVX-512, AVX2 or neither, as ``instructions()`` says.
template <typename Body> void vectorised(const Body &body) {
  if (has_avx512) return with_avx512(body);
  if (has_avx2) return with_avx2(body);
  body();
}

// An element as the number that is calculated with, in a form that compilers turn into vector instructions.
CTORCH_INLINE inline double widened(double element) { return element; }
CTORCH_INLINE inline float widened(float element) { return element; }
CTORCH_INLINE inline float widened(c10::Half element) { return static_cast<float>(element); }
CTORCH_INLINE inline float widened(c10::BFloat16 element) {
  return std::bit_cast<float>(static_cast<uint32_t>(element.x) << 16);
}

/// `number`, rounded to the nearest element, halves to even.
template <typename Element, typename Real> CTORCH_INLINE inline Element narrowed(Real number) {
  if constexpr (std::is_same_v<Element, c10::BFloat16>) {
    const auto bits = std::bit_cast<uint32_t>(number);
    const uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return {static_cast<uint16_t>(number != number ? 0x7FC0 : rounded), c10::BFloat16::from_bits()};
  } else {
    return static_cast<Element>(number);
  }
}

}  // namespace ctorch
