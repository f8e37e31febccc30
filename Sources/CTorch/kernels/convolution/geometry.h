// Which pixels a convolution joins.
//
// A convolution takes x [N, inputs, H, W] to y [N, outputs, P, Q]:
//   y[o, p, q] = Σ W[o, i, u, v] x[i, p stride + u − padding, q stride + v − padding] over i, u, v.
// Padding is counted before the first row and column; what it is behind the last follows from the sizes. A tap (u, v)
// that falls outside x is no product with zero here: it is left out. On small maps those are many (31 % of a 5x5
// window on 7x7 pixels).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace ctorch {

struct Geometry {
  int64_t images, inputs, outputs;
  std::array<int64_t, 2> x_size, y_size, kernel, stride, padding;

  int64_t taps() const { return kernel[0] * kernel[1]; }
};

/// A pixel that is read, along one axis, and the tap it is read through.
struct Reach {
  int64_t at, tap;
};

/// For each tap along `axis`, the pairs (coordinate of y, coordinate of x) that it joins; (of x, of y) unless `to_y`.
inline std::vector<std::vector<std::array<int64_t, 2>>> joins(const Geometry &geometry, int axis, bool to_y) {
  std::vector<std::vector<std::array<int64_t, 2>>> lists(geometry.kernel[axis]);
  for (int64_t p = 0; p < geometry.y_size[axis]; p++) {
    for (int64_t tap = 0; tap < geometry.kernel[axis]; tap++) {
      const int64_t h = p * geometry.stride[axis] + tap - geometry.padding[axis];
      if (h < 0 || h >= geometry.x_size[axis]) continue;
      if (to_y) {
        lists[tap].push_back({p, h});
      } else {
        lists[tap].push_back({h, p});
      }
    }
  }
  return lists;
}

/// For each coordinate of y along `axis`, or of x unless `to_y`, the pixels that are read for it.
inline std::vector<std::vector<Reach>> reaches(const Geometry &geometry, int axis, bool to_y) {
  std::vector<std::vector<Reach>> lists((to_y ? geometry.y_size : geometry.x_size)[axis]);
  const auto joined = joins(geometry, axis, to_y);
  for (int64_t tap = 0; tap < geometry.kernel[axis]; tap++) {
    for (const auto &[to, from] : joined[tap]) lists[to].push_back({from, tap});
  }
  return lists;
}

/// Maps in memory, `element` [n, c, h, w] at n image + h row + w column + c channel.
template <typename T> struct Maps {
  T *data;
  int64_t image, row, column, channel;
};

}  // namespace ctorch
