// Convolutions between maps of many channels.
#include <span>

#include "../../parallel.h"
#include "avx2_products.h"
#include "avx512_products.h"
#include "kernels.h"
#include "portable_products.h"

namespace ctorch {

namespace {

/// How many images and channels a product makes at once, and how many numbers a task accumulates: with the pixels that
/// it reads they stay in a core's cache of some 1 MB, while each factor serves a row of pixels.
constexpr int64_t image_block = 64, channel_block = 256, sums_block = 65'536;

/// How many inputs, and how many outputs, of a weight's gradient a task makes.
constexpr int64_t weight_block = 64;
static_assert(weight_block % column_unit == 0);

/// The weight of each tap as a second factor [from, to], one behind the other.
template <typename T, typename P> at::Tensor packed(const Geometry &geometry, const float *weight, bool to_y) {
  const int64_t rows = geometry.inputs, columns = geometry.outputs;
  const int64_t size = to_y ? P::template size<T>(rows, columns) : P::template size<T>(columns, rows);
  auto result = at::empty({geometry.taps() * size}, c10::CppTypeToScalarType<T>::value);
  auto *target = static_cast<T *>(result.mutable_data_ptr());
  // Some rows of a tap's matrix [inputs, outputs] a time.
  constexpr int64_t band = 64;
  static_assert(band % column_unit == 0);
  const int64_t bands = (rows + band - 1) / band;
  parallel_ranges(geometry.taps() * bands, std::max<int64_t>(1, 16384 / (band * columns)), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const int64_t tap = i / bands, first = i % bands * band, count = std::min(band, rows - first);
      const float *source = weight + (tap * rows + first) * columns;
      if (to_y) {
        P::pack_weight(source, count, columns, Factor<T>{target + tap * size, rows, columns}, first);
      } else {
        P::pack_transposed_weight(source, count, columns, Factor<T>{target + tap * size, columns, rows}, first);
      }
    }
  });
  return result;
}

/// Those of the pairs, which are in order, whose first coordinate lies in begin ..< end.
std::span<const std::array<int64_t, 2>> within(
    const std::vector<std::array<int64_t, 2>> &pairs, int64_t begin, int64_t end) {
  const auto is_before = [](const std::array<int64_t, 2> &pair, int64_t bound) { return pair[0] < bound; };
  return {
      std::lower_bound(pairs.begin(), pairs.end(), begin, is_before),
      std::lower_bound(pairs.begin(), pairs.end(), end, is_before)};
}

}  // namespace

template <typename T, typename P> at::Tensor pixel_factors_to_y(const Geometry &geometry, const float *weight) {
  return packed<T, P>(geometry, weight, true);
}

template <typename T, typename P> at::Tensor pixel_factors_to_x(const Geometry &geometry, const float *weight) {
  return packed<T, P>(geometry, weight, false);
}

template <typename T, typename P>
void convolve_pixels(
    const Geometry &geometry, bool to_y, Maps<const T> source, const T *factors, const float *bias, Maps<T> target) {
  const int64_t from = to_y ? geometry.inputs : geometry.outputs, to = to_y ? geometry.outputs : geometry.inputs;
  const auto size = to_y ? geometry.y_size : geometry.x_size;
  const auto rows = reaches(geometry, 0, to_y);
  const auto across = joins(geometry, 1, to_y);
  // Neighbours in a row that a tap joins lie so many pixels apart.
  const int64_t from_step = to_y ? geometry.stride[1] : 1, to_step = to_y ? 1 : geometry.stride[1];

  const int64_t blocks = (geometry.images + image_block - 1) / image_block;
  if (blocks == 0) return;
  // The stride of an axis of one image can be anything.
  const int64_t image_step = geometry.images > 1 ? source.image : from;
  // So many that there are tasks for all threads, of 64 channels or more.
  int64_t parts = (to + channel_block - 1) / channel_block;
  while (blocks * parts * size[0] < 2 * pool_threads() && to / parts >= 128) parts *= 2;
  const int64_t part_channels = std::min(to, rounded_up((to + parts - 1) / parts, column_unit));
  parts = (to + part_channels - 1) / part_channels;
  const int64_t tile = (geometry.images + blocks - 1) / blocks * part_channels, factor_size = P::template size<T>(from, to);
  const int64_t spans = (size[1] * tile + sums_block - 1) / sums_block;
  const Scratch<float> sums((size[1] + spans - 1) / spans * tile);
  parallel_tasks(blocks * parts * spans * size[0], [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    float *sum = sums.of(thread);
    for (int64_t task = next(); task >= 0; task = next()) {
      const int64_t i = task % size[0], span = task / size[0] % spans, part = task / (size[0] * spans) % parts;
      const int64_t block = task / (size[0] * spans * parts);
      const int64_t first = geometry.images * block / blocks, count = geometry.images * (block + 1) / blocks - first;
      const int64_t channel = part * part_channels, channels = std::min(part_channels, to - channel);
      const int64_t begin = size[1] * span / spans, end = size[1] * (span + 1) / spans;

      std::fill_n(sum, (end - begin) * tile, 0.0f);
      for (const auto &row : rows[i]) {
        for (int64_t v = 0; v < geometry.kernel[1]; v++) {
          const Factor<const T> factor{factors + (row.tap * geometry.kernel[1] + v) * factor_size, from, to};
          const auto pairs = within(across[v], begin, end);
          const auto read = [&](int64_t image, int64_t at) {
            return source.data + (first + image) * source.image + row.at * source.row + at * source.column;
          };
          if (count >= static_cast<int64_t>(pairs.size())) {
            for (const auto &[j, at] : pairs) {
              P::gemm(
                  count, channels, from, read(0, at), image_step, factor, channel, sum + (j - begin) * tile, channels,
                  true);
            }
          } else {
            const auto [j, at] = pairs.front();
            for (int64_t n = 0; n < count; n++) {
              P::gemm(
                  pairs.size(), channels, from, read(n, at), from_step * source.column, factor, channel,
                  sum + (j - begin) * tile + n * channels, to_step * tile, true);
            }
          }
        }
      }
      for (int64_t n = 0; n < count; n++) {
        T *place = target.data + (first + n) * target.image + i * target.row + channel;
        for (int64_t j = begin; j < end; j++) {
          P::store_row(
              sum + (j - begin) * tile + n * channels, bias ? bias + channel : nullptr, place + j * target.column,
              channels);
        }
      }
    }
  });
}

template <typename T, typename P>
void correlate_pixels(const Geometry &geometry, Maps<const T> x, Maps<const T> y, float *result) {
  const int64_t images = rounded_up(geometry.images, 32);
  const int64_t inputs = geometry.inputs, outputs = geometry.outputs;
  const int64_t x_pixels = geometry.x_size[0] * geometry.x_size[1], y_pixels = geometry.y_size[0] * geometry.y_size[1];
  const auto type = c10::CppTypeToScalarType<T>::value;
  const auto columns = at::empty({x_pixels * inputs * images}, type);
  // Of each pixel of y a second factor [images, outputs].
  const int64_t factor_size = P::template size<T>(images, outputs);
  const auto factors = at::empty({y_pixels * factor_size}, type);
  auto *column = static_cast<T *>(columns.mutable_data_ptr());
  auto *factor = static_cast<T *>(factors.mutable_data_ptr());
  // A row of pixels of some images a time, as they lie in memory.
  const int64_t bands = images / 32, x_tasks = bands * geometry.x_size[0], y_tasks = bands * geometry.y_size[0];
  parallel_tasks(x_tasks + y_tasks, [&](int64_t, const auto &next) {
    for (int64_t task = next(); task >= 0; task = next()) {
      const bool of_x = task < x_tasks;
      const int64_t index = of_x ? task : task - x_tasks, first = index % bands * 32, row = index / bands;
      const int64_t count = std::min<int64_t>(32, geometry.images - first);
      if (of_x) {
        for (int64_t w = 0; w < geometry.x_size[1]; w++) {
          P::transpose_into(
              x.data + first * x.image + row * x.row + w * x.column, x.image, count, inputs,
              column + (row * geometry.x_size[1] + w) * inputs * images + first, images, int64_t{32});
        }
      } else {
        for (int64_t q = 0; q < geometry.y_size[1]; q++) {
          P::pack(
              y.data + first * y.image + row * y.row + q * y.column, y.image, count, outputs,
              Factor<T>{factor + (row * geometry.y_size[1] + q) * factor_size, images, outputs}, first);
        }
      }
    }
  });

  // A task is a row of taps and a block of channels: what it accumulates stays in the cache, and so do the pixels that
  // neighbouring taps share.
  const auto rows = joins(geometry, 0, true);
  const auto columns_of = reaches(geometry, 1, true);
  const int64_t input_blocks = (inputs + weight_block - 1) / weight_block;
  const int64_t output_blocks = (outputs + weight_block - 1) / weight_block;
  constexpr int64_t tile = weight_block * weight_block;
  const Scratch<float> sums(geometry.kernel[1] * tile);
  const int64_t depth = rounded_up(geometry.images, interleave<T>);
  parallel_tasks(geometry.kernel[0] * input_blocks * output_blocks, [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    float *sum = sums.of(thread);
    for (int64_t task = next(); task >= 0; task = next()) {
      const int64_t u = task % geometry.kernel[0], block = task / geometry.kernel[0];
      const int64_t i = block % input_blocks, o = block / input_blocks;
      const int64_t input = inputs * i / input_blocks, m = inputs * (i + 1) / input_blocks - input;
      const int64_t output = o * weight_block, n = std::min(weight_block, outputs - output);
      std::fill_n(sum, geometry.kernel[1] * tile, 0.0f);
      for (const auto &[p, h] : rows[u]) {
        for (int64_t q = 0; q < geometry.y_size[1]; q++) {
          for (const auto &[w, v] : columns_of[q]) {
            P::gemm(
                m, n, depth, column + ((h * geometry.x_size[1] + w) * inputs + input) * images, images,
                Factor<const T>{factor + (p * geometry.y_size[1] + q) * factor_size, images, outputs}, output,
                sum + v * tile, n, true);
          }
        }
      }
      for (int64_t v = 0; v < geometry.kernel[1]; v++) {
        float *place = result + ((u * geometry.kernel[1] + v) * inputs + input) * outputs + output;
        for (int64_t row = 0; row < m; row++) std::copy_n(sum + v * tile + row * n, n, place + row * outputs);
      }
    }
  });
}

#define INSTANTIATE(T, P) \
  template at::Tensor pixel_factors_to_y<T, P>(const Geometry &, const float *); \
  template at::Tensor pixel_factors_to_x<T, P>(const Geometry &, const float *); \
  template void convolve_pixels<T, P>(const Geometry &, bool, Maps<const T>, const T *, const float *, Maps<T>); \
  template void correlate_pixels<T, P>(const Geometry &, Maps<const T>, Maps<const T>, float *);

INSTANTIATE(float, Avx512Products)
INSTANTIATE(at::BFloat16, Avx512Products)
INSTANTIATE(float, Avx2Products)
INSTANTIATE(float, PortableProducts)
INSTANTIATE(at::BFloat16, PortableProducts)

}  // namespace ctorch
