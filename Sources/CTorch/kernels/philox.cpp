#include "philox.h"

// One source for every processor: the loops over 16 lanes become whatever vector instructions there are, chosen when
// the program is loaded.
__attribute__((target_clones("arch=x86-64-v4", "avx2", "default"))) void ctorch::philox_words(
    uint64_t key, uint64_t group, uint32_t *words) {
  constexpr int lanes = 16;
  uint32_t c0[lanes], c1[lanes], c2[lanes] = {}, c3[lanes] = {};
  for (int lane = 0; lane < lanes; lane++) {
    const uint64_t counter = group * lanes + lane;
    c0[lane] = static_cast<uint32_t>(counter);
    c1[lane] = static_cast<uint32_t>(counter >> 32);
  }
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; round++) {
    for (int lane = 0; lane < lanes; lane++) {
      const uint64_t p0 = uint64_t{0xD2511F53} * c0[lane], p1 = uint64_t{0xCD9E8D57} * c2[lane];
      c0[lane] = static_cast<uint32_t>(p1 >> 32) ^ c1[lane] ^ k0;
      c1[lane] = static_cast<uint32_t>(p1);
      c2[lane] = static_cast<uint32_t>(p0 >> 32) ^ c3[lane] ^ k1;
      c3[lane] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  for (int lane = 0; lane < lanes; lane++) {
    words[lane] = c0[lane];
    words[lanes + lane] = c1[lane];
    words[2 * lanes + lane] = c2[lane];
    words[3 * lanes + lane] = c3[lane];
  }
}
