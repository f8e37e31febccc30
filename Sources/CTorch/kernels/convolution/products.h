// The matrix products under all convolutions: what kernels know of them, whoever takes them. Those who do, VectorProducts
// and PortableProducts, have the same functions.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <type_traits>

#include "../../pool.h"

namespace ctorch {

/// Whether the calling thread's convolutions use PortableProducts. They are slow: they show on any processor that the
/// kernels around the products are right.
inline thread_local bool uses_portable_products = false;

inline int64_t rounded_up(int64_t count, int64_t unit) { return (count + unit - 1) / unit * unit; }

/// How many rows of the second factor are interleaved: products of bfloat16 are taken in pairs.
template <typename T> constexpr int64_t interleave = std::is_same_v<T, at::BFloat16> ? 2 : 1;

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
