// The weight's gradient by few images: products along rows of pixels, where ``correlate_pixels`` has them along images.
#include "../../parallel.h"
#include "avx2_products.h"
#include "avx512_products.h"
#include "kernels.h"
#include "portable_products.h"

namespace ctorch {

namespace {

/// How many inputs, and how many outputs, of a weight's gradient a task makes; and of how many pixels a product is to be.
constexpr int64_t weight_block = 64, long_product = 64;
/// How many channels of x a task lays out.
constexpr int64_t channel_band = 32;

/// How x is laid out, so that for each tap the pixels that meet a row of y lie side by side, and those of the next row behind
/// them. A row of it is what a column of taps sees of a row of x, with zeros for what lies outside and to fill up; rows are
/// apart by their remainder modulo the stride, since rows of y read every so many of x.
struct Rows {
  Rows(const Geometry &geometry, int64_t unit)
      : length(rounded_up(geometry.y_size[1], unit)), phases(geometry.stride[0]),
        count(geometry.y_size[0] + (geometry.kernel[0] - 1) / geometry.stride[0]),
        channel(geometry.images * phases * count * length + unit) {}

  /// Pixels of a row, remainders, rows of each of them, and what a channel takes: all images, and a unit more, since what is laid
  /// out a unit at a time can reach behind a row.
  const int64_t length, phases, count, channel;

  /// Where a row begins.
  int64_t at(int64_t image, int64_t phase, int64_t row) const { return ((image * phases + phase) * count + row) * length; }
};

/// Lays out `channels` of x as the taps of column v see them.
template <typename T, typename P>
void lay_out(
    const Geometry &geometry, const Rows &rows, Maps<const T> x, int64_t v, int64_t first, int64_t channels, T *target) {
  const int64_t stride = geometry.stride[1], from = v - geometry.padding[1];
  // Pixels q of y whose tap lies inside.
  const int64_t begin = std::clamp<int64_t>(from < 0 ? (-from + stride - 1) / stride : 0, 0, geometry.y_size[1]);
  const int64_t last = geometry.x_size[1] - 1 - from;
  const int64_t end = std::clamp<int64_t>(last < 0 ? 0 : last / stride + 1, begin, geometry.y_size[1]);
  const int64_t filled = rounded_up(end - begin, interleave<T>);
  for (int64_t n = 0; n < geometry.images; n++) {
    for (int64_t phase = 0; phase < rows.phases; phase++) {
      for (int64_t row = 0; row < rows.count; row++) {
        T *place = target + rows.at(n, phase, row);
        const int64_t h = row * geometry.stride[0] + phase - geometry.padding[0];
        const bool is_inside = h >= 0 && h < geometry.x_size[0] && begin < end;
        const int64_t zeros = is_inside ? begin : rows.length;
        for (int64_t c = 0; c < channels; c++) std::fill_n(place + c * rows.channel, zeros, T(0));
        if (!is_inside) continue;
        P::transpose_into(
            x.data + n * x.image + h * x.row + (begin * stride + from) * x.column + first, stride * x.column, end - begin,
            channels, place + begin, rows.channel, filled);
        for (int64_t c = 0; c < channels; c++) {
          std::fill(place + c * rows.channel + end, place + c * rows.channel + rows.length, T(0));
        }
      }
    }
  }
}

}  // namespace

template <typename T, typename P>
void correlate_rows(const Geometry &geometry, Maps<const T> x, Maps<const T> y, float *result) {
  const int64_t inputs = geometry.inputs, outputs = geometry.outputs;
  const Rows rows(geometry, interleave<T>);
  // Rows of y that one product goes along, and how many such blocks an image has.
  const int64_t joined = std::min(geometry.y_size[0], std::max<int64_t>(1, long_product / rows.length));
  const int64_t blocks = (geometry.y_size[0] + joined - 1) / joined;
  const auto type = c10::CppTypeToScalarType<T>::value;
  const int64_t column_size = inputs * rows.channel, factor_size = P::template size<T>(joined * rows.length, outputs);
  const auto columns = at::empty({geometry.kernel[1] * column_size}, type);
  const auto factors = at::empty({geometry.images * blocks * factor_size}, type);
  auto *column = static_cast<T *>(columns.mutable_data_ptr());
  auto *factor = static_cast<T *>(factors.mutable_data_ptr());
  const auto factor_of = [&](int64_t image, int64_t block) {
    return Factor<T>{factor + (image * blocks + block) * factor_size, joined * rows.length, outputs};
  };
  const int64_t bands = (inputs + channel_band - 1) / channel_band;
  const int64_t x_tasks = geometry.kernel[1] * bands, y_tasks = geometry.images * blocks;
  parallel_tasks(x_tasks + y_tasks, [&](int64_t, const auto &next) {
    for (int64_t task = next(); task >= 0; task = next()) {
      if (task < x_tasks) {
        const int64_t v = task / bands, first = task % bands * channel_band;
        lay_out<T, P>(
            geometry, rows, x, v, first, std::min(channel_band, inputs - first),
            column + v * column_size + first * rows.channel);
      } else {
        const int64_t image = (task - x_tasks) / blocks, block = (task - x_tasks) % blocks;
        const int64_t end = std::min(geometry.y_size[0], (block + 1) * joined);
        for (int64_t p = block * joined; p < end; p++) {
          P::pack(
              y.data + image * y.image + p * y.row, y.column, geometry.y_size[1], outputs, factor_of(image, block),
              (p - block * joined) * rows.length);
        }
      }
    }
  });

  // A task is a tap and a block of channels.
  const int64_t input_blocks = (inputs + weight_block - 1) / weight_block;
  const int64_t output_blocks = (outputs + weight_block - 1) / weight_block;
  const Scratch<float> sums(weight_block * weight_block);
  parallel_tasks(geometry.taps() * input_blocks * output_blocks, [&](int64_t thread, const auto &next) {
    const ProductScope<T, P> scope;
    float *sum = sums.of(thread);
    for (int64_t task = next(); task >= 0; task = next()) {
      const int64_t tap = task % geometry.taps(), place = task / geometry.taps();
      const int64_t u = tap / geometry.kernel[1], v = tap % geometry.kernel[1];
      const int64_t i = place % input_blocks, o = place / input_blocks;
      const int64_t input = inputs * i / input_blocks, m = inputs * (i + 1) / input_blocks - input;
      const int64_t output = o * weight_block, n = std::min(weight_block, outputs - output);
      std::fill_n(sum, m * n, 0.0f);
      const T *of_tap = column + v * column_size + input * rows.channel;
      for (int64_t image = 0; image < geometry.images; image++) {
        for (int64_t block = 0; block < blocks; block++) {
          const int64_t first = block * joined, count = std::min(joined, geometry.y_size[0] - first);
          const int64_t at = rows.at(image, u % rows.phases, first + u / rows.phases);
          const auto second = factor_of(image, block);
          P::gemm(
              m, n, count * rows.length, of_tap + at, rows.channel, Factor<const T>{second.data, second.rows, outputs},
              output, sum, n, true);
        }
      }
      float *target = result + (tap * inputs + input) * outputs + output;
      for (int64_t row = 0; row < m; row++) std::copy_n(sum + row * n, n, target + row * outputs);
    }
  });
}

#define INSTANTIATE(T, P) template void correlate_rows<T, P>(const Geometry &, Maps<const T>, Maps<const T>, float *);

INSTANTIATE(float, Avx512Products)
INSTANTIATE(at::BFloat16, Avx512Products)
INSTANTIATE(float, Avx2Products)
INSTANTIATE(float, PortableProducts)
INSTANTIATE(at::BFloat16, PortableProducts)

}  // namespace ctorch
