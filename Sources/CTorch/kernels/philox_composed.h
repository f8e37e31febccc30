// Philox4x32-10, as in philox.h, made of libtorch's own operators: the same words on devices without a kernel of ours.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <cstdint>

namespace ctorch {

/// The lower half of each of the 64-bit numbers of `tensor`, in 0 ..< 2^32.
inline at::Tensor low_words(const at::Tensor &tensor) { return tensor.bitwise_and(int64_t{0xFFFFFFFF}); }

/// The upper half. The shift repeats the sign, which the mask removes.
inline at::Tensor high_words(const at::Tensor &tensor) {
  return tensor.bitwise_right_shift(32).bitwise_and_(int64_t{0xFFFFFFFF});
}

/// The words of each counter as ``philox`` makes them, int64 numbers in 0 ..< 2^32.
///
/// - Parameter counter: the counters' four words, int64 tensors of numbers in 0 ..< 2^32 on one device, whose shapes
///   broadcast; a word that all counters share may be a tensor without axes.
inline std::array<at::Tensor, 4> philox_composed(uint64_t key, std::array<at::Tensor, 4> counter) {
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; round++) {
    // A product of two words fills all 64 bits; that int64 calls the top one a sign does not matter.
    const auto p0 = counter[0] * int64_t{0xD2511F53}, p1 = counter[2] * int64_t{0xCD9E8D57};
    counter = {
        high_words(p1).bitwise_xor(counter[1]).bitwise_xor_(int64_t{k0}), low_words(p1),
        high_words(p0).bitwise_xor(counter[3]).bitwise_xor_(int64_t{k1}), low_words(p0)};
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return counter;
}

}  // namespace ctorch
