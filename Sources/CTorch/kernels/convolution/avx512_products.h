// Products for processors with AVX-512: libtorch's brgemm, which keeps one compiled kernel a shape, and packing by vector
// instructions.
#pragma once

#include <ATen/native/CPUBlas.h>
#include <immintrin.h>

#include "../../instructions.h"
#include "products.h"

// What is float32 runs on processors without the last of these: nothing but its own intrinsics, which only bfloat16 uses,
// makes the compiler emit an instruction of AVX512-BF16.
#define CTORCH_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

namespace ctorch {

/// Whether the instructions for T may be used, and libtorch's library for them was not told to leave them alone.
template <typename T> bool has_avx512_products() {
  static const bool has = [] {
    if (instructions() < (interleave<T> == 2 ? CTORCH_CPU_AVX512_BF16 : CTORCH_CPU_AVX512)) return false;
    T a[4] = {}, b[4] = {};
    float c[4];
    try {
      at::native::cpublas::brgemm(2, 2, 2, 2, 2, 2, false, a, b, c, interleave<T> == 2);
      at::native::cpublas::brgemm_release(interleave<T> == 2);
    } catch (const c10::Error &) {
      return false;
    }
    return true;
  }();
  return has;
}

/// The first `count` of 16 places.
inline __mmask16 mask_of(int64_t count) {
  return count >= 16 ? static_cast<__mmask16>(0xffff) : static_cast<__mmask16>((1u << count) - 1);
}

/// 16 rows of 16 elements of 32 bits become 16 columns.
CTORCH_AVX512 inline void transpose(__m512i (&r)[16]) {
  __m512i t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

/// Up to 16 elements of `interleave` rows at `row` and on, which lie `stride` apart, side by side: element i of row 0,
/// of row 1. Rows from `rows` on are zeros.
CTORCH_AVX512 inline __m512i load_group(
    const at::BFloat16 *data, int64_t stride, int64_t row, int64_t rows, __mmask16 mask) {
  const auto load = [&](int64_t at) CTORCH_AVX512 {
    return at < rows ? _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, data + at * stride)) : _mm512_setzero_si512();
  };
  return _mm512_or_si512(load(row), _mm512_slli_epi32(load(row + 1), 16));
}

CTORCH_AVX512 inline __m512i load_group(const float *data, int64_t stride, int64_t row, int64_t rows, __mmask16 mask) {
  return row < rows ? _mm512_maskz_loadu_epi32(mask, data + row * stride) : _mm512_setzero_si512();
}

/// Up to 16 groups of `interleave` neighbours of a row.
CTORCH_AVX512 inline __m512i narrow_pairs(const float *source, int64_t count, at::BFloat16) {
  const __m512 low = _mm512_maskz_loadu_ps(mask_of(count), source);
  const __m512 high = count > 16 ? _mm512_maskz_loadu_ps(mask_of(count - 16), source + 16) : _mm512_setzero_ps();
  return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
}

CTORCH_AVX512 inline __m512i narrow_pairs(const float *source, int64_t count, float) {
  return _mm512_maskz_loadu_epi32(mask_of(count), source);
}

/// The steps of a convolution that depend on the processor.
struct Avx512Products {
  /// How many elements a second factor takes: here it lies as [rows / interleave, columns, interleave].
  template <typename T> static int64_t size(int64_t rows, int64_t columns) { return rows * columns; }

  /// C (+)= A B, with A [m, k] in rows of `lda`, of B the first k rows and the n columns from `first_column` on, C [m, n]
  /// float32 in rows of `ldc`.
  template <typename T>
  static void gemm(
      int64_t m, int64_t n, int64_t k, const T *a, int64_t lda, Factor<const T> b, int64_t first_column, float *c,
      int64_t ldc, bool add) {
    at::native::cpublas::brgemm(
        m, n, k, lda, b.columns, ldc, add, a, b.data + first_column * interleave<T>, c, interleave<T> == 2);
  }

  /// Ends a thread's products: some processors have a state to put back.
  template <typename T> static void end() { at::native::cpublas::brgemm_release(interleave<T> == 2); }

  /// target[i] = source[i] + bias[i], rounded to nearest.
  CTORCH_AVX512 static void store_row(const float *source, const float *bias, at::BFloat16 *target, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) {
      const __mmask16 mask = mask_of(count - i);
      __m512 value = _mm512_maskz_loadu_ps(mask, source + i);
      if (bias) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, bias + i));
      _mm256_mask_storeu_epi16(target + i, mask, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(value)));
    }
  }

  CTORCH_AVX512 static void store_row(const float *source, const float *bias, float *target, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) {
      const __mmask16 mask = mask_of(count - i);
      __m512 value = _mm512_maskz_loadu_ps(mask, source + i);
      if (bias) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, bias + i));
      _mm512_mask_storeu_ps(target + i, mask, value);
    }
  }

  /// Packs a float32 matrix [rows, columns] as the rows of a second factor from `first_row` on.
  template <typename T>
  CTORCH_AVX512 static void pack_weight(
      const float *source, int64_t rows, int64_t columns, Factor<T> factor, int64_t first_row) {
    constexpr int64_t group = interleave<T>;
    T *target = factor.data + first_row * columns;
    for (int64_t row = 0; row < rows; row += group, target += group * columns) {
      for (int64_t c = 0; c < columns; c += 16) {
        const __mmask16 mask = mask_of(columns - c);
        const __m512 first = _mm512_maskz_loadu_ps(mask, source + row * columns + c);
        if constexpr (group == 1) {
          _mm512_mask_storeu_ps(target + c, mask, first);
        } else {
          const __m512 second =
              row + 1 < rows ? _mm512_maskz_loadu_ps(mask, source + (row + 1) * columns + c) : _mm512_setzero_ps();
          const __m512i low = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(first)));
          const __m512i high = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(second)));
          _mm512_mask_storeu_epi32(target + group * c, mask, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
        }
      }
    }
  }

  /// Packs the transpose of a float32 matrix [rows, columns] as the columns of a second factor from `first_column` on;
  /// `columns` is even.
  template <typename T>
  CTORCH_AVX512 static void pack_transposed_weight(
      const float *source, int64_t rows, int64_t columns, Factor<T> factor, int64_t first_column) {
    constexpr int64_t group = interleave<T>;
    const int64_t width = factor.columns;
    T *target = factor.data + first_column * group;
    for (int64_t row = 0; row < rows; row += 16) {
      for (int64_t c = 0; c < columns; c += 16 * group) {
        __m512i block[16];
        for (int64_t i = 0; i < 16; i++) {
          block[i] = row + i < rows ? narrow_pairs(source + (row + i) * columns + c, columns - c, T())
                                    : _mm512_setzero_si512();
        }
        transpose(block);
        const int64_t count = std::min<int64_t>(16, (columns - c) / group);
        for (int64_t i = 0; i < count; i++) {
          _mm512_mask_storeu_epi32(target + ((c / group + i) * width + row) * group, mask_of(rows - row), block[i]);
        }
      }
    }
  }

  /// Packs [rows, columns], whose rows lie `stride` apart, as the rows of a second factor from `first_row` on, filling up
  /// to a multiple of `interleave` with zeros.
  template <typename T>
  CTORCH_AVX512 static void pack(
      const T *source, int64_t stride, int64_t rows, int64_t columns, Factor<T> factor, int64_t first_row) {
    constexpr int64_t group = interleave<T>;
    T *target = factor.data + first_row * columns;
    for (int64_t row = 0; row < rows; row += group, target += group * columns) {
      for (int64_t c = 0; c < columns; c += 16) {
        const __mmask16 mask = mask_of(columns - c);
        _mm512_mask_storeu_epi32(target + group * c, mask, load_group(source + c, stride, row, rows, mask));
      }
    }
  }

  /// Writes the transpose of [rows, columns], whose rows lie `stride` apart, as [columns, ld], filling up to
  /// `padded_rows` ≤ ld with zeros; 16 interleaved groups a time.
  template <typename T>
  CTORCH_AVX512 static void transpose_into(
      const T *source, int64_t stride, int64_t rows, int64_t columns, T *target, int64_t ld, int64_t padded_rows) {
    constexpr int64_t group = interleave<T>, step = 16 * group;
    for (int64_t row = 0; row < padded_rows; row += step) {
      for (int64_t c = 0; c < columns; c += 16) {
        const __mmask16 mask = mask_of(columns - c);
        __m512i block[16];
        for (int64_t i = 0; i < 16; i++) block[i] = load_group(source + c, stride, row + i * group, rows, mask);
        transpose(block);
        const __mmask16 kept = mask_of((padded_rows - row) / group);
        const int64_t count = columns - c < 16 ? columns - c : 16;
        for (int64_t i = 0; i < count; i++) _mm512_mask_storeu_epi32(target + (c + i) * ld + row, kept, block[i]);
      }
    }
  }
};

}  // namespace ctorch
