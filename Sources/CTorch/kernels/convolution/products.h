// What the kernels know of the matrix products under all convolutions. Avx512Products, Avx2Products and PortableProducts
// have the same functions.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <type_traits>

#include "../../pool.h"
#include "CTorch.h"

namespace ctorch {

/// The best way that the calling thread's convolutions may take products. The others show on any processor that they and
/// the kernels around them are right.
inline thread_local CTorchProducts best_products = CTORCH_PRODUCTS_AVX512;

inline int64_t rounded_up(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// How many rows of the second factor are interleaved: products of bfloat16 are taken in pairs.
template <typename T> constexpr int64_t interleave = std::is_same_v<T, at::BFloat16> ? 2 : 1;

/// A second factor [rows, columns] in the layout of the products that packed it. `rows` is a multiple of `interleave`.
template <typename T> struct Factor {
  T *data;
  int64_t rows, columns;
};

/// The parts of a factor that are packed or multiplied with begin at multiples of so many columns.
constexpr int64_t column_unit = 16;

/// A thread's products: some processors have a state to put back after them.
template <typename T, typename Products> struct ProductScope {
  ~ProductScope() { Products::template end<T>(); }
};

/// Memory of each thread for what is between two steps of a computation, aligned to the cache's lines.
template <typename T> class Scratch {
public:
  explicit Scratch(int64_t size)
      : size(rounded_up(size, 64 / sizeof(T))),
        all(at::empty({pool_threads() * this->size}, c10::CppTypeToScalarType<T>::value)),
        data(static_cast<T *>(all.mutable_data_ptr())) {}

  T *of(int64_t thread) const { return data + thread * size; }

private:
  int64_t size;
  at::Tensor all;
  T *data;
};

}  // namespace ctorch
