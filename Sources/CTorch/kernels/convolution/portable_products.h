// Products for any processor, in plain loops.
#pragma once

#include "../../vectorised.h"
#include "products.h"

namespace ctorch {

/// The functions of Avx512Products, with the same layouts.
struct PortableProducts {
  template <typename T> static int64_t size(int64_t rows, int64_t columns) { return rows * columns; }

  template <typename T>
  static void gemm(
      int64_t m, int64_t n, int64_t k, const T *a, int64_t lda, Factor<const T> b, int64_t first_column, float *c,
      int64_t ldc, bool add) {
    constexpr int64_t group = interleave<T>;
    for (int64_t row = 0; row < m; row++) {
      float *sums = c + row * ldc;
      if (!add) std::fill_n(sums, n, 0.0f);
      for (int64_t i = 0; i < k; i++) {
        const float factor = widened(a[row * lda + i]);
        const T *others = b.data + i / group * group * b.columns + first_column * group + i % group;
        for (int64_t column = 0; column < n; column++) sums[column] += factor * widened(others[column * group]);
      }
    }
  }

  template <typename T> static void end() {}

  template <typename T> static void store_row(const float *source, const float *bias, T *target, int64_t count) {
    for (int64_t i = 0; i < count; i++) target[i] = narrowed<T>(bias ? source[i] + bias[i] : source[i]);
  }

  template <typename T>
  static void pack_weight(const float *source, int64_t rows, int64_t columns, Factor<T> target, int64_t first_row) {
    fill(rows, columns, target.data + first_row * columns, columns, [=](int64_t row, int64_t column) {
      return narrowed<T>(source[row * columns + column]);
    });
  }

  template <typename T>
  static void pack_transposed_weight(
      const float *source, int64_t rows, int64_t columns, Factor<T> target, int64_t first_column) {
    fill(columns, rows, target.data + first_column * interleave<T>, target.columns, [=](int64_t row, int64_t column) {
      return narrowed<T>(source[column * columns + row]);
    });
  }

  template <typename T>
  static void pack(
      const T *source, int64_t stride, int64_t rows, int64_t columns, Factor<T> target, int64_t first_row) {
    fill(rows, columns, target.data + first_row * columns, columns, [=](int64_t row, int64_t column) {
      return source[row * stride + column];
    });
  }

  template <typename T>
  static void transpose_into(
      const T *source, int64_t stride, int64_t rows, int64_t columns, T *target, int64_t ld, int64_t padded_rows) {
    for (int64_t column = 0; column < columns; column++) {
      for (int64_t row = 0; row < padded_rows; row++) {
        target[column * ld + row] = row < rows ? source[row * stride + column] : T(0);
      }
    }
  }

private:
  /// Lays out a second factor, or some columns of one that has `width`, from its elements (row, column): [rows up /
  /// interleave, columns, interleave].
  template <typename T, typename Element>
  static void fill(int64_t rows, int64_t columns, T *target, int64_t width, const Element &element) {
    constexpr int64_t group = interleave<T>;
    for (int64_t row = 0; row < rounded_up(rows, group); row++) {
      T *place = target + row / group * group * width + row % group;
      for (int64_t column = 0; column < columns; column++) {
        place[column * group] = row < rows ? element(row, column) : T(0);
      }
    }
  }
};

}  // namespace ctorch
