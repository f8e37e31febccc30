// Products of float32 for processors with AVX2 and FMA but without AVX-512, on which libtorch's brgemm takes none.
#pragma once

#include <immintrin.h>

#include "../../instructions.h"
#include "products.h"

#define CTORCH_AVX2 __attribute__((target("avx2,fma")))

namespace ctorch {

/// Whether the instructions may be used: FMA is one of x86-64-v3.
inline bool has_avx2_products() { return instructions() >= CTORCH_CPU_AVX2; }

/// The first `count` of 8 places.
CTORCH_AVX2 inline __m256i mask_of_8(int64_t count) {
  const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(std::clamp<int64_t>(count, 0, 8))), places);
}

/// The first `count` of 8 numbers, zeros behind them.
CTORCH_AVX2 inline __m256 load_first(const float *source, int64_t count) {
  return count >= 8 ? _mm256_loadu_ps(source) : _mm256_maskload_ps(source, mask_of_8(count));
}

/// Stores the first `count` of 8 numbers. Masked stores are slow on AMD's processors, which is why most are not.
CTORCH_AVX2 inline void store_first(float *target, int64_t count, __m256 numbers) {
  if (count >= 8) return _mm256_storeu_ps(target, numbers);
  _mm256_maskstore_ps(target, mask_of_8(count), numbers);
}

/// 8 rows of 8 numbers become 8 columns.
CTORCH_AVX2 inline void transpose(__m256 (&r)[8]) {
  __m256 t[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
    r[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
    r[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    r[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x20);
    t[i + 4] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x31);
  }
  std::copy_n(t, 8, r);
}

/// The functions of Avx512Products, for float32.
///
/// A second factor lies in panels of 16 columns, each row's 16 side by side: [columns up / 16, rows, 16]. So a panel's rows
/// serve all rows of the first factor from the first cache, where rows far apart would push each other out.
struct Avx2Products {
  template <typename T> static int64_t size(int64_t rows, int64_t columns) { return rows * rounded_up(columns, width); }

  template <typename T>
  CTORCH_AVX2 static void gemm(
      int64_t m, int64_t n, int64_t k, const T *a, int64_t lda, Factor<const T> b, int64_t first_column, float *c,
      int64_t ldc, bool add) {
    for (int64_t i = 0; i < k; i += depth) {
      for (int64_t column = 0; column < n; column += width) {
        multiply(
            m, std::min(width, n - column), std::min(depth, k - i), a + i, lda, place(b, i, first_column + column),
            c + column, ldc, add || i > 0);
      }
    }
  }

  template <typename T> static void end() {}

  CTORCH_AVX2 static void store_row(const float *source, const float *bias, float *target, int64_t count) {
    for (int64_t i = 0; i < count; i += 8) {
      __m256 value = load_first(source + i, count - i);
      if (bias) value = _mm256_add_ps(value, load_first(bias + i, count - i));
      store_first(target + i, count - i, value);
    }
  }

  static void pack_weight(
      const float *source, int64_t rows, int64_t columns, Factor<float> factor, int64_t first_row) {
    pack(source, columns, rows, columns, factor, first_row);
  }

  CTORCH_AVX2 static void pack_transposed_weight(
      const float *source, int64_t rows, int64_t columns, Factor<float> factor, int64_t first_column) {
    for (int64_t row = 0; row < rounded_up(rows, width); row += 8) {
      for (int64_t c = 0; c < columns; c += 8) {
        __m256 block[8];
        load_block(source + row * columns + c, columns, rows - row, columns - c, block);
        transpose(block);
        float *target = place(factor, c, first_column + row) + row % width;
        for (int64_t i = 0; i < std::min<int64_t>(8, columns - c); i++) _mm256_store_ps(target + i * width, block[i]);
      }
    }
  }

  CTORCH_AVX2 static void pack(
      const float *source, int64_t stride, int64_t rows, int64_t columns, Factor<float> factor, int64_t first_row) {
    for (int64_t c = 0; c < columns; c += width) {
      float *target = place(factor, first_row, c);
      for (int64_t row = 0; row < rows; row++) {
        const float *numbers = source + row * stride + c;
        _mm256_store_ps(target + row * width, load_first(numbers, columns - c));
        _mm256_store_ps(target + row * width + 8, load_first(numbers + 8, columns - c - 8));
      }
    }
  }

  CTORCH_AVX2 static void transpose_into(
      const float *source, int64_t stride, int64_t rows, int64_t columns, float *target, int64_t ld,
      int64_t padded_rows) {
    for (int64_t row = 0; row < padded_rows; row += 8) {
      for (int64_t c = 0; c < columns; c += 8) {
        __m256 block[8];
        load_block(source + row * stride + c, stride, rows - row, columns - c, block);
        transpose(block);
        for (int64_t i = 0; i < std::min<int64_t>(8, columns - c); i++) {
          store_first(target + (c + i) * ld + row, padded_rows - row, block[i]);
        }
      }
    }
  }

private:
  /// Columns of a panel, two registers, and rows that are multiplied at once, half of a first cache of 32 kB.
  static constexpr int64_t width = column_unit, depth = 256;
  /// Rows of A that are multiplied at once: their sums take twelve of sixteen registers.
  static constexpr int64_t height = 6;

  /// Where the row `row` of the panel that begins at `column`, or has it, lies.
  template <typename T> static T *place(Factor<T> factor, int64_t row, int64_t column) {
    return factor.data + (column / width * factor.rows + row) * width;
  }

  /// Up to 8 rows of up to 8 numbers, zeros behind them.
  CTORCH_AVX2 static void load_block(
      const float *source, int64_t stride, int64_t rows, int64_t columns, __m256 (&block)[8]) {
    for (int64_t i = 0; i < 8; i++) {
      block[i] = i < rows ? load_first(source + i * stride, columns) : _mm256_setzero_ps();
    }
  }

  /// C [m, columns] (+)= A [m, k] B [k, 16], of which the columns behind the last are not used.
  CTORCH_AVX2 static void multiply(
      int64_t m, int64_t columns, int64_t k, const float *a, int64_t lda, const float *panel, float *c, int64_t ldc,
      bool add) {
    int64_t row = 0;
    for (; row + height <= m; row += height) {
      multiply_rows<height>(columns, k, a + row * lda, lda, panel, c + row * ldc, ldc, add);
    }
    a += row * lda;
    c += row * ldc;
    switch (m - row) {
    case 1: return multiply_rows<1>(columns, k, a, lda, panel, c, ldc, add);
    case 2: return multiply_rows<2>(columns, k, a, lda, panel, c, ldc, add);
    case 3: return multiply_rows<3>(columns, k, a, lda, panel, c, ldc, add);
    case 4: return multiply_rows<4>(columns, k, a, lda, panel, c, ldc, add);
    case 5: return multiply_rows<5>(columns, k, a, lda, panel, c, ldc, add);
    }
  }

  template <int rows>
  CTORCH_AVX2 static void multiply_rows(
      int64_t columns, int64_t k, const float *a, int64_t lda, const float *panel, float *c, int64_t ldc, bool add) {
    __m256 sums[rows][2] = {};
    for (int64_t i = 0; i < k; i++) {
      const __m256 low = _mm256_load_ps(panel + i * width), high = _mm256_load_ps(panel + i * width + 8);
#pragma clang loop unroll(full)
      for (int row = 0; row < rows; row++) {
        const __m256 factor = _mm256_broadcast_ss(a + row * lda + i);
        sums[row][0] = _mm256_fmadd_ps(factor, low, sums[row][0]);
        sums[row][1] = _mm256_fmadd_ps(factor, high, sums[row][1]);
      }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      for (int half = 0; half < 2; half++) {
        float *place = c + row * ldc + 8 * half;
        __m256 sum = sums[row][half];
        if (add) sum = _mm256_add_ps(sum, load_first(place, columns - 8 * half));
        store_first(place, columns - 8 * half, sum);
      }
    }
  }
};

}  // namespace ctorch
