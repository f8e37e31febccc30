// Convolutions with few inputs, such as the colours of a picture: what a window sees is unrolled into a row [taps,
// inputs] of a matrix, since a product over the inputs alone would be too short.
#include <cstring>

#include "../../parallel.h"
#include "avx2_products.h"
#include "avx512_products.h"
#include "kernels.h"
#include "portable_products.h"

namespace ctorch {

namespace {

/// The unrolled windows of some rows of y, of one image at a time.
template <typename T> struct Windows {
  const Geometry &geometry;
  /// Elements a window, and rounded up as the products want it.
  const int64_t length = geometry.taps() * geometry.inputs, padded = rounded_up(length, 16);
  /// Rows of y in a computation, so that it stays in the cache, and their pixels.
  const int64_t band = std::clamp<int64_t>(512 / geometry.y_size[1], 1, geometry.y_size[0]);
  const int64_t pixels = band * geometry.y_size[1], padded_pixels = rounded_up(pixels, 32);
  /// The plane that all windows together see.
  const int64_t height = (geometry.y_size[0] - 1) * geometry.stride[0] + geometry.kernel[0];
  const int64_t width = (geometry.y_size[1] - 1) * geometry.stride[1] + geometry.kernel[1];

  explicit Windows(const Geometry &geometry) : geometry(geometry) {}

  int64_t plane() const { return height * width * geometry.inputs; }

  /// Calls `body(place in the plane, place in x)` for each run of pixels in both, of `count` columns.
  template <typename Body> void overlap(const Body &body) const {
    const int64_t first = std::max<int64_t>(geometry.padding[1], 0);
    const int64_t last = std::min(width, geometry.x_size[1] + geometry.padding[1]);
    for (int64_t h = 0; h < geometry.x_size[0]; h++) {
      const int64_t row = h + geometry.padding[0];
      if (row < 0 || row >= height || first >= last) continue;
      body((row * width + first) * geometry.inputs, h, first - geometry.padding[1], last - first);
    }
  }

  /// The plane of an image: zeros around x.
  void fill(const T *x, const Maps<const T> &maps, T *plane) const {
    std::fill_n(plane, this->plane(), T(0));
    overlap([&](int64_t place, int64_t h, int64_t w, int64_t count) {
      for (int64_t i = 0; i < count; i++) {
        for (int64_t c = 0; c < geometry.inputs; c++) {
          plane[place + i * geometry.inputs + c] = x[h * maps.row + (w + i) * maps.column + c * maps.channel];
        }
      }
    });
  }

  /// Where the window of pixel (p, q) begins in the plane.
  int64_t corner(int64_t p, int64_t q) const {
    return (p * geometry.stride[0] * width + q * geometry.stride[1]) * geometry.inputs;
  }

  /// The windows of `rows` rows of y from row `first`, one after the other: [rows · Q, padded].
  ///
  /// Copies 16 elements at once, so that up to 15 behind a plane are read and behind the last window are written.
  void unroll(const T *plane, int64_t first, int64_t rows, T *target) const {
    const int64_t run = geometry.kernel[1] * geometry.inputs;
    vectorised([=, this]() CTORCH_INLINE {
      T *row = target;
      for (int64_t p = first; p < first + rows; p++) {
        for (int64_t q = 0; q < geometry.y_size[1]; q++, row += padded) {
          const T *window = plane + corner(p, q);
          for (int64_t u = 0; u < geometry.kernel[0]; u++) {
            for (int64_t i = 0; i < run; i += 16) {
              std::memcpy(row + u * run + i, window + u * width * geometry.inputs + i, 16 * sizeof(T));
            }
          }
          std::fill(row + length, row + padded, T(0));
        }
      }
    });
  }

  /// Adds the windows of `rows` rows of y from row `first` to the plane.
  void add(const float *windows, int64_t first, int64_t rows, float *plane) const {
    const int64_t run = geometry.kernel[1] * geometry.inputs;
    for (int64_t p = first; p < first + rows; p++) {
      for (int64_t q = 0; q < geometry.y_size[1]; q++, windows += padded) {
        float *window = plane + corner(p, q);
        for (int64_t u = 0; u < geometry.kernel[0]; u++) {
          for (int64_t i = 0; i < run; i++) window[u * width * geometry.inputs + i] += windows[u * run + i];
        }
      }
    }
  }
};

}  // namespace

template <typename T, typename P> at::Tensor patch_factors_to_y(const Geometry &geometry, const float *weight) {
  const Windows<T> windows(geometry);
  const int64_t outputs = geometry.outputs, padded = windows.padded;
  auto factors = at::zeros({P::template size<T>(padded, outputs)}, c10::CppTypeToScalarType<T>::value);
  const Factor<T> factor{static_cast<T *>(factors.mutable_data_ptr()), padded, outputs};
  P::pack_weight(weight, windows.length, outputs, factor, 0);
  return factors;
}

template <typename T, typename P> at::Tensor patch_factors_to_x(const Geometry &geometry, const float *weight) {
  const Windows<T> windows(geometry);
  const int64_t outputs = geometry.outputs, padded = windows.padded;
  // The windows' rows are as long as the products want them: the weight's last columns are zeros.
  const auto weights = at::zeros({padded, outputs}, at::kFloat);
  auto factors = at::empty({P::template size<T>(outputs, padded)}, c10::CppTypeToScalarType<T>::value);
  auto *rows_of_weight = static_cast<float *>(weights.mutable_data_ptr());
  std::copy_n(weight, windows.length * outputs, rows_of_weight);
  const Factor<T> factor{static_cast<T *>(factors.mutable_data_ptr()), outputs, padded};
  P::pack_transposed_weight(rows_of_weight, padded, outputs, factor, 0);
  return factors;
}

template <typename T, typename P>
void convolve_patches(const Geometry &geometry, Maps<const T> x, const T *factors, const float *bias, Maps<T> y) {
  const Windows<T> windows(geometry);
  const int64_t outputs = geometry.outputs, columns = geometry.y_size[1];
  const Scratch<T> planes(windows.plane() + 16), matrices(windows.pixels * windows.padded + 16);
  const Scratch<float> sums(windows.pixels * outputs);
  parallel_tasks(geometry.images, [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    T *plane = planes.of(thread), *unrolled = matrices.of(thread);
    float *sum = sums.of(thread);
    for (int64_t n = next(); n >= 0; n = next()) {
      windows.fill(x.data + n * x.image, x, plane);
      for (int64_t first = 0; first < geometry.y_size[0]; first += windows.band) {
        const int64_t rows = std::min(windows.band, geometry.y_size[0] - first);
        windows.unroll(plane, first, rows, unrolled);
        P::gemm(
            rows * columns, outputs, windows.padded, unrolled, windows.padded,
            Factor<const T>{factors, windows.padded, outputs}, 0, sum, outputs, false);
        for (int64_t pixel = 0; pixel < rows * columns; pixel++) {
          T *place = y.data + n * y.image + (first + pixel / columns) * y.row + pixel % columns * y.column;
          P::store_row(sum + pixel * outputs, bias, place, outputs);
        }
      }
    }
  });
}

template <typename T, typename P>
void scatter_patches(const Geometry &geometry, const T *y, const T *factors, const float *bias, Maps<T> x) {
  const Windows<T> windows(geometry);
  const int64_t outputs = geometry.outputs, columns = geometry.y_size[1], padded = windows.padded;
  const Scratch<float> planes(windows.plane()), sums(windows.pixels * padded);
  parallel_tasks(geometry.images, [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    float *plane = planes.of(thread), *sum = sums.of(thread);
    for (int64_t n = next(); n >= 0; n = next()) {
      std::fill_n(plane, windows.plane(), 0.0f);
      for (int64_t first = 0; first < geometry.y_size[0]; first += windows.band) {
        const int64_t rows = std::min(windows.band, geometry.y_size[0] - first);
        P::gemm(
            rows * columns, padded, outputs, y + (n * geometry.y_size[0] + first) * columns * outputs, outputs,
            Factor<const T>{factors, outputs, padded}, 0, sum, padded, false);
        windows.add(sum, first, rows, plane);
      }
      // Pixels that no window sees are left with the bias alone.
      for (int64_t h = 0; h < geometry.x_size[0]; h++) {
        for (int64_t w = 0; w < geometry.x_size[1]; w++) {
          const int64_t row = h + geometry.padding[0], column = w + geometry.padding[1];
          const bool seen = row >= 0 && row < windows.height && column >= 0 && column < windows.width;
          for (int64_t c = 0; c < geometry.inputs; c++) {
            const float value = seen ? plane[(row * windows.width + column) * geometry.inputs + c] : 0.0f;
            x.data[n * x.image + h * x.row + w * x.column + c * x.channel] = static_cast<T>(bias ? value + bias[c] : value);
          }
        }
      }
    }
  });
}

template <typename T, typename P>
void correlate_patches(const Geometry &geometry, Maps<const T> x, const T *y, float *result) {
  const Windows<T> windows(geometry);
  const int64_t outputs = geometry.outputs, columns = geometry.y_size[1], padded = windows.padded;
  // A sum for each of some blocks of images, the same in every run, whoever makes it.
  const int64_t blocks = std::min<int64_t>(geometry.images, 16), size = rounded_up(padded * outputs, 16);
  const auto all = at::empty({blocks * size}, at::kFloat);
  auto *sums = static_cast<float *>(all.mutable_data_ptr());
  const Scratch<T> planes(windows.plane() + 16), matrices(windows.pixels * padded + 16),
      turned_matrices(windows.padded_pixels * padded), factors(P::template size<T>(windows.padded_pixels, outputs));
  parallel_tasks(blocks, [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    T *plane = planes.of(thread), *unrolled = matrices.of(thread), *turned = turned_matrices.of(thread);
    const Factor<T> factor{factors.of(thread), windows.padded_pixels, outputs};
    for (int64_t block = next(); block >= 0; block = next()) {
      float *sum = sums + block * size;
      std::fill_n(sum, size, 0.0f);
      for (int64_t n = geometry.images * block / blocks; n < geometry.images * (block + 1) / blocks; n++) {
        windows.fill(x.data + n * x.image, x, plane);
        for (int64_t first = 0; first < geometry.y_size[0]; first += windows.band) {
          const int64_t rows = std::min(windows.band, geometry.y_size[0] - first), pixels = rows * columns;
          const int64_t length = rounded_up(pixels, interleave<T>);
          windows.unroll(plane, first, rows, unrolled);
          P::transpose_into(unrolled, padded, pixels, padded, turned, windows.padded_pixels, length);
          P::pack(y + (n * geometry.y_size[0] + first) * columns * outputs, outputs, pixels, outputs, factor, 0);
          P::gemm(
              padded, outputs, length, turned, windows.padded_pixels,
              Factor<const T>{factor.data, factor.rows, factor.columns}, 0, sum, outputs, true);
        }
      }
    }
  });
  for (int64_t i = 0; i < windows.length * outputs; i++) {
    float total = 0;
    for (int64_t block = 0; block < blocks; block++) total += sums[block * size + i];
    result[i] = total;
  }
}

#define INSTANTIATE(T, P) \
  template at::Tensor patch_factors_to_y<T, P>(const Geometry &, const float *); \
  template at::Tensor patch_factors_to_x<T, P>(const Geometry &, const float *); \
  template void convolve_patches<T, P>(const Geometry &, Maps<const T>, const T *, const float *, Maps<T>); \
  template void scatter_patches<T, P>(const Geometry &, const T *, const T *, const float *, Maps<T>); \
  template void correlate_patches<T, P>(const Geometry &, Maps<const T>, const T *, float *);

INSTANTIATE(float, Avx512Products)
INSTANTIATE(at::BFloat16, Avx512Products)
INSTANTIATE(float, Avx2Products)
INSTANTIATE(float, PortableProducts)
INSTANTIATE(at::BFloat16, PortableProducts)

}  // namespace ctorch
