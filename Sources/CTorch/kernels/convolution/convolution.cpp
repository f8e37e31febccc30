// gan::convolution, its transpose and its weight's gradient on the host: by which kernels they are computed.
//
// Sizes are given, not derived: "same" padding, of unequal amounts before and after, needs no copy of its input. libtorch
// computes what our kernels do not: float64, groups, odd numbers of channels, types that the processor has no products of,
// weights' gradients by few images of few channels; and what they would not speed up: 1x1.
#include <torch/library.h>

#include "../library_parts.h"
#include "avx2_products.h"
#include "avx512_products.h"
#include "composition.h"
#include "kernels.h"
#include "portable_products.h"
#include "prepared.h"

namespace {

using ctorch::channels_last;
using ctorch::empty_maps;
using ctorch::Geometry;
using ctorch::Maps;
using ctorch::OptionalTensor;
using ctorch::Sizes;
using ctorch::Window;

/// How a convolution is computed: by our kernels for many channels or for few, or by libtorch.
enum class Way { pixels, patches, libtorch };

Geometry geometry_of(Sizes x, Sizes y, Sizes kernel, const Window &window) {
  return {x[0], x[1], y[1], {x[2], x[3]}, {y[2], y[3]}, {kernel[0], kernel[1]},
      {window.stride[0], window.stride[1]}, {window.padding[0], window.padding[1]}};
}

/// How the products of the own kernels are computed.
enum class Products { avx512, avx2, portable, none };

Products products_of(at::ScalarType type) {
  const bool is_float = type == at::kFloat, is_bfloat16 = type == at::kBFloat16;
  if (!is_float && !is_bfloat16) return Products::none;
  if (ctorch::best_products == CTORCH_PRODUCTS_PORTABLE) return Products::portable;
  const bool has_avx512 = is_float ? ctorch::has_avx512_products<float>() : ctorch::has_avx512_products<at::BFloat16>();
  if (ctorch::best_products == CTORCH_PRODUCTS_AVX512 && has_avx512) return Products::avx512;
  return is_float && ctorch::has_avx2_products() ? Products::avx2 : Products::none;
}

/// Below this many images the weight's gradient is taken along pixels.
constexpr int64_t few_images = 16;

/// Whether maps of a pixel become maps of a pixel by windows of one: a linear layer.
bool is_of_pixels(const Geometry &geometry) {
  return geometry.taps() == 1 && geometry.x_size == std::array<int64_t, 2>{1, 1} && geometry.y_size == geometry.x_size;
}

Way way_of(const Geometry &geometry, at::ScalarType type, int64_t groups) {
  if (products_of(type) == Products::none || groups != 1) return Way::libtorch;
  // A 1x1 convolution of maps is a single product over all pixels of all images, in which libtorch reaches its arithmetic
  // peak; that of single pixels, a linear layer's, is short, and its weight would have to be cast first.
  if (geometry.taps() == 1 && geometry.x_size == geometry.y_size && !is_of_pixels(geometry)) return Way::libtorch;
  const bool even = geometry.inputs % 2 == 0 && geometry.outputs % 2 == 0;
  if (geometry.inputs < 16) return geometry.outputs % 2 == 0 ? Way::patches : Way::libtorch;
  return even ? Way::pixels : Way::libtorch;
}

template <typename T> Maps<const T> maps_of(const at::Tensor &tensor) {
  return {static_cast<const T *>(tensor.const_data_ptr()), tensor.stride(0), tensor.stride(2), tensor.stride(3),
      tensor.stride(1)};
}

template <typename T> Maps<T> writable_maps_of(const at::Tensor &tensor) {
  return {static_cast<T *>(tensor.mutable_data_ptr()), tensor.stride(0), tensor.stride(2), tensor.stride(3),
      tensor.stride(1)};
}

const float *floats(const at::Tensor &tensor) {
  return tensor.defined() ? static_cast<const float *>(tensor.const_data_ptr()) : nullptr;
}

template <typename T> const T *read(const at::Tensor &tensor) { return static_cast<const T *>(tensor.const_data_ptr()); }

/// Calls `body(zero, products)` with a zero of the type and the products of its kind.
template <typename Body> void with_products(at::ScalarType type, const Body &body) {
  const auto with_type = [&](auto products) {
    if (type == at::kFloat) {
      body(float(), products);
    } else {
      body(at::BFloat16(), products);
    }
  };
  switch (products_of(type)) {
  case Products::avx512: return with_type(ctorch::Avx512Products());
  case Products::avx2: return body(float(), ctorch::Avx2Products());
  case Products::portable: return with_type(ctorch::PortableProducts());
  case Products::none: TORCH_CHECK(false, "no own kernel multiplies ", type);
  }
}

/// The maps that `compose(maps, weight, bias)` makes by libtorch, in parts: of the images, or of the outputs if there are few
/// images. The weight's axis `axis` counts the outputs; `windows` is how often the whole weight is applied.
template <typename Compose>
at::Tensor library_maps(
    const at::Tensor &maps, const at::Tensor &weight, const OptionalTensor &bias, int64_t axis, int64_t windows,
    const Window &window, const Compose &compose) {
  const int64_t images = maps.size(0), outputs = weight.size(axis);
  const double flops = 2.0 * static_cast<double>(windows) * static_cast<double>(weight.numel());
  if (images >= 2 * ctorch::pool_threads() || window.groups != 1) {
    return ctorch::in_library_parts(
        images, ctorch::library_parts(images, 1, flops), 0,
        [&](int64_t first, int64_t count) { return compose(maps.narrow(0, first, count), weight, bias); });
  }
  return ctorch::in_library_parts(
      outputs, ctorch::library_parts(outputs, 16, flops), 1, [&](int64_t first, int64_t count) {
        const auto own = bias ? OptionalTensor(bias->narrow(0, first, count)) : bias;
        return compose(maps, weight.narrow(axis, first, count), own);
      });
}

at::Tensor library_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  return library_maps(
      x, weight, bias, 0, x.size(0) * size[0] * size[1], window,
      [&](const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias) {
        return ctorch::composed_convolution(x, weight, bias, size, window);
      });
}

at::Tensor library_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  return library_maps(
      y, weight, bias, 1, y.size(0) * y.size(2) * y.size(3), window,
      [&](const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias) {
        return ctorch::composed_transpose(y, weight, bias, size, window);
      });
}

/// libtorch's gradient of the weight in parts of the outputs, or of the inputs if those are more.
at::Tensor library_weight_gradient(const at::Tensor &x, const at::Tensor &y, Sizes kernel, const Window &window) {
  const int64_t inputs = x.size(1), outputs = y.size(1);
  const double flops = 2.0 * static_cast<double>(y.numel()) * static_cast<double>(inputs * kernel[0] * kernel[1]);
  if (window.groups != 1) return ctorch::composed_weight_gradient(x, y, kernel, window);
  if (outputs >= inputs) {
    return ctorch::in_library_parts(
        outputs, ctorch::library_parts(outputs, 16, flops), 0, [&](int64_t first, int64_t count) {
          return ctorch::composed_weight_gradient(x, y.narrow(1, first, count), kernel, window);
        });
  }
  return ctorch::in_library_parts(
      inputs, ctorch::library_parts(inputs, 16, flops), 1, [&](int64_t first, int64_t count) {
        return ctorch::composed_weight_gradient(x.narrow(1, first, count), y, kernel, window);
      });
}

at::Tensor convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  ctorch::check_convolution(x, weight, bias, size, window);
  const std::array<int64_t, 4> sizes{x.size(0), weight.size(0), size[0], size[1]};
  const auto kernel = weight.sizes().slice(2);
  const auto geometry = geometry_of(x.sizes(), sizes, kernel, window);
  const auto way = way_of(geometry, x.scalar_type(), groups);
  if (way == Way::libtorch) return library_convolution(x, weight, bias, size, window);
  const auto addend = bias ? bias->to(at::kFloat).contiguous() : at::Tensor();
  const auto source = way == Way::pixels ? channels_last(x) : x;
  auto y = empty_maps(x, sizes);
  with_products(x.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels) {
      const auto factors = ctorch::prepared(weight, geometry, ctorch::pixel_factors_to_y<T, P>);
      ctorch::convolve_pixels<T, P>(
          geometry, true, maps_of<T>(source), read<T>(factors), floats(addend), writable_maps_of<T>(y));
    } else {
      const auto factors = ctorch::prepared(weight, geometry, ctorch::patch_factors_to_y<T, P>);
      ctorch::convolve_patches<T, P>(
          geometry, maps_of<T>(source), read<T>(factors), floats(addend), writable_maps_of<T>(y));
    }
  });
  return y;
}

at::Tensor convolution_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  ctorch::check_transpose(y, weight, bias, size, window);
  const std::array<int64_t, 4> sizes{y.size(0), weight.size(1) * groups, size[0], size[1]};
  const auto kernel = weight.sizes().slice(2);
  const auto geometry = geometry_of(sizes, y.sizes(), kernel, window);
  const auto way = way_of(geometry, y.scalar_type(), groups);
  if (way == Way::libtorch) return library_transpose(y, weight, bias, size, window);
  const auto addend = bias ? bias->to(at::kFloat).contiguous() : at::Tensor();
  const auto source = channels_last(y);
  auto x = empty_maps(y, sizes);
  with_products(y.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels) {
      const auto factors = ctorch::prepared(weight, geometry, ctorch::pixel_factors_to_x<T, P>);
      ctorch::convolve_pixels<T, P>(
          geometry, false, maps_of<T>(source), read<T>(factors), floats(addend), writable_maps_of<T>(x));
    } else {
      const auto factors = ctorch::prepared(weight, geometry, ctorch::patch_factors_to_x<T, P>);
      ctorch::scatter_patches<T, P>(
          geometry, read<T>(source), read<T>(factors), floats(addend), writable_maps_of<T>(x));
    }
  });
  return x;
}

at::Tensor convolution_weight(
    const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel, int64_t groups) {
  const Window window{stride, padding, groups};
  ctorch::check_weight_gradient(x, y, kernel, window);
  const auto geometry = geometry_of(x.sizes(), y.sizes(), kernel, window);
  auto way = way_of(geometry, x.scalar_type(), groups);
  // Products along a few images are short; those of single pixels are long at least on their other sides. Windows of few
  // inputs are shared among threads image by image.
  const bool are_few = geometry.images < few_images && !is_of_pixels(geometry);
  if (geometry.images == 0 || (are_few && way == Way::patches)) way = Way::libtorch;
  if (way == Way::libtorch) return library_weight_gradient(x, y, kernel, window);
  auto sums = at::empty({kernel[0], kernel[1], geometry.inputs, geometry.outputs}, at::kFloat);
  auto *result = static_cast<float *>(sums.mutable_data_ptr());
  const auto source = way == Way::pixels ? channels_last(x) : x, target = channels_last(y);
  with_products(x.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels && are_few) {
      ctorch::correlate_rows<T, P>(geometry, maps_of<T>(source), maps_of<T>(target), result);
    } else if (way == Way::pixels) {
      ctorch::correlate_pixels<T, P>(geometry, maps_of<T>(source), maps_of<T>(target), result);
    } else {
      ctorch::correlate_patches<T, P>(geometry, maps_of<T>(source), static_cast<const T *>(target.const_data_ptr()), result);
    }
  });
  return sums.permute({3, 2, 0, 1});
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(gan, library) {
  library.def(
      "convolution(Tensor x, Tensor weight, Tensor? bias, int[2] stride, int[2] padding, int[2] size, int groups) "
      "-> Tensor");
  library.def(
      "convolution_transpose(Tensor y, Tensor weight, Tensor? bias, int[2] stride, int[2] padding, int[2] size, "
      "int groups) -> Tensor");
  library.def(
      "convolution_weight(Tensor x, Tensor y, int[2] stride, int[2] padding, int[2] kernel, int groups) -> Tensor");
}
TORCH_LIBRARY_IMPL(gan, CPU, library) {
  library.impl("convolution", convolution);
  library.impl("convolution_transpose", convolution_transpose);
  library.impl("convolution_weight", convolution_weight);
}
