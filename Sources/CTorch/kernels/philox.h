// Philox4x32-10, the counter-based generator of Salmon et al. 2011 ("Parallel random numbers: as easy as 1, 2, 3",
// SC'11, section 3.3 and table 2): four 32-bit words that are a pure function of a 64-bit key and a 128-bit counter.
#pragma once

#include <array>
#include <cstdint>

#include "../vectorised.h"

namespace ctorch {

inline std::array<uint32_t, 4> philox(uint64_t key, std::array<uint32_t, 4> counter) {
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = uint64_t{0xD2511F53} * counter[0], p1 = uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<uint32_t>(p1),
        static_cast<uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<uint32_t>(p0)};
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return counter;
}

/// How many words ``philox_words`` makes at once: four from each of 16 neighbouring counters.
constexpr int64_t philox_lanes = 16, philox_group = 4 * philox_lanes;

/// The words of `counter` and of those whose first word is greater by 1 ... 15: first the first word of each, then the
/// second of each, and so on, so that vector instructions make them side by side.
CTORCH_INLINE inline void philox_words(uint64_t key, std::array<uint32_t, 4> counter, uint32_t *words) {
  constexpr int lanes = philox_lanes;
  // 32-bit numbers in the lower halves of 64 bits, where vector products want and leave them; what gets into the upper
  // halves does not matter.
  uint64_t c0[lanes], c1[lanes], c2[lanes], c3[lanes];
  for (int lane = 0; lane < lanes; lane++) {
    c0[lane] = uint64_t{counter[0]} + lane;
    c1[lane] = counter[1];
    c2[lane] = counter[2];
    c3[lane] = counter[3];
  }
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; round++) {
    for (int lane = 0; lane < lanes; lane++) {
      const uint64_t p0 = 0xD2511F53 * (c0[lane] & 0xFFFFFFFF), p1 = 0xCD9E8D57 * (c2[lane] & 0xFFFFFFFF);
      c0[lane] = (p1 >> 32) ^ c1[lane] ^ k0;
      c1[lane] = p1;
      c2[lane] = (p0 >> 32) ^ c3[lane] ^ k1;
      c3[lane] = p0;
    }
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  for (int lane = 0; lane < lanes; lane++) {
    words[lane] = static_cast<uint32_t>(c0[lane]);
    words[lanes + lane] = static_cast<uint32_t>(c1[lane]);
    words[2 * lanes + lane] = static_cast<uint32_t>(c2[lane]);
    words[3 * lanes + lane] = static_cast<uint32_t>(c3[lane]);
  }
}

/// The words of counters (group * 16 + 0 ... 15, 0, 0), of which the first number has 64 bits.
CTORCH_INLINE inline void philox_words(uint64_t key, uint64_t group, uint32_t *words) {
  const uint64_t first = group * philox_lanes;
  philox_words(key, {static_cast<uint32_t>(first), static_cast<uint32_t>(first >> 32), 0, 0}, words);
}

}  // namespace ctorch
