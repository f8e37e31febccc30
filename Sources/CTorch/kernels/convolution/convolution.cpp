// gan::convolution, its transpose and its weight's gradient: who computes them, and how.
//
// Sizes are given, not derived: "same" padding, of unequal amounts before and after, needs no copy of its input. Where
// the own kernels do not apply (float64, groups, few images, an older processor) or gain nothing (1x1) libtorch's answer.
#include <torch/library.h>

#include "kernels.h"
#include "portable_products.h"
#include "vector_products.h"

namespace {

using ctorch::Geometry;
using ctorch::Maps;

using Sizes = at::IntArrayRef;
using OptionalTensor = std::optional<at::Tensor>;

/// What stays the same among the three operators: where windows lie and what their sizes are.
struct Window {
  Sizes stride, padding;
  int64_t groups;
};

/// How a convolution is computed: by our kernels for many channels or for few, or by libtorch.
enum class Way { pixels, patches, libtorch };

Geometry geometry_of(Sizes x, Sizes y, Sizes kernel, const Window &window) {
  return {x[0], x[1], y[1], {x[2], x[3]}, {y[2], y[3]}, {kernel[0], kernel[1]},
      {window.stride[0], window.stride[1]}, {window.padding[0], window.padding[1]}};
}

/// Whether somebody takes the products of maps of this type.
bool has_products(at::ScalarType type) {
  if (type == at::kFloat) return ctorch::uses_portable_products || ctorch::has_vector_products<float>();
  if (type == at::kBFloat16) return ctorch::uses_portable_products || ctorch::has_vector_products<at::BFloat16>();
  return false;
}

Way way_of(const Geometry &geometry, at::ScalarType type, int64_t groups) {
  if (!has_products(type) || groups != 1 || geometry.images < 16) return Way::libtorch;
  // A 1x1 convolution is a single product over all pixels of all images, in which libtorch reaches its arithmetic peak.
  if (geometry.taps() == 1 && geometry.x_size == geometry.y_size) return Way::libtorch;
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

/// The weight in float32 in the kernels' memory order, [taps, inputs, outputs]; layers keep it so.
at::Tensor in_order(const at::Tensor &weight) { return weight.to(at::kFloat).permute({2, 3, 1, 0}).contiguous(); }

const float *floats(const at::Tensor &tensor) {
  return tensor.defined() ? static_cast<const float *>(tensor.const_data_ptr()) : nullptr;
}

/// Calls `body(zero, products)` with a zero of the type and with who takes the products.
template <typename Body> void with_products(at::ScalarType type, const Body &body) {
  const auto with_type = [&](auto products) {
    if (type == at::kFloat) {
      body(float(), products);
    } else {
      body(at::BFloat16(), products);
    }
  };
  if (ctorch::uses_portable_products) {
    with_type(ctorch::PortableProducts());
  } else {
    with_type(ctorch::VectorProducts());
  }
}

at::Tensor channels_last(const at::Tensor &tensor) { return tensor.contiguous(at::MemoryFormat::ChannelsLast); }

at::Tensor empty_maps(const at::Tensor &like, Sizes size) {
  return at::empty(size, like.options(), at::MemoryFormat::ChannelsLast);
}

/// Pads x, or crops it, until windows without padding make `size` of it.
at::Tensor fitted(const at::Tensor &x, Sizes kernel, Sizes size, const Window &window) {
  std::array<int64_t, 4> amounts;
  for (int axis = 0; axis < 2; axis++) {
    const int64_t before = window.padding[axis];
    const int64_t covered = (size[axis] - 1) * window.stride[axis] + kernel[axis];
    amounts[2 - 2 * axis] = before;
    amounts[3 - 2 * axis] = covered - x.size(2 + axis) - before;
  }
  return at::constant_pad_nd(x, amounts);
}

/// Whether libtorch, which pads alike before and behind, makes `size` of x with this padding.
bool is_even(Sizes x, Sizes kernel, Sizes size, const Window &window) {
  for (int axis = 0; axis < 2; axis++) {
    const int64_t covered = x[axis] + 2 * window.padding[axis] - kernel[axis];
    if (covered < 0 || covered / window.stride[axis] + 1 != size[axis]) return false;
  }
  return true;
}

/// libtorch's gradients of a convolution that pads alike before and behind: that of x or that of the weight.
at::Tensor libtorch_gradient(
    const at::Tensor &y, const at::Tensor &x, const at::Tensor &weight, const Window &window, bool of_weight) {
  auto gradients = at::convolution_backward(
      y, x, weight, at::OptionalIntArrayRef(), window.stride, window.padding, Sizes{1, 1}, false, Sizes{0, 0}, window.groups,
      {!of_weight, of_weight, false});
  return of_weight ? std::get<1>(gradients) : std::get<0>(gradients);
}

/// The most pixels along an axis that a convolution's windows may cover, and that a list of sizes may name: products of
/// such numbers cannot overflow.
constexpr int64_t most_pixels = int64_t{1} << 24;

void check_pair(Sizes list, const char *what, int64_t least) {
  const auto fits = [=](int64_t number) { return number >= least && number <= most_pixels; };
  TORCH_CHECK(
      list.size() == 2 && fits(list[0]) && fits(list[1]), "a convolution takes a ", what, " of two numbers from ", least,
      " to ", most_pixels, ", one for rows and one for columns, and was given ", list);
}

void check_maps(const at::Tensor &maps, const char *shape) {
  TORCH_CHECK(maps.dim() == 4, "a convolution takes maps ", shape, ", and was given ", maps.sizes());
  TORCH_CHECK(
      maps.size(1) > 0 && maps.size(2) > 0 && maps.size(3) > 0, "a convolution takes maps of a channel or more and a "
      "pixel or more, and was given ", maps.sizes());
}

/// Refuses windows that no sum can be taken over; `small` is the size of the maps with a pixel for each window.
void check_windows(const Window &window, Sizes kernel, Sizes small) {
  check_pair(window.stride, "stride", 1);
  check_pair(window.padding, "padding", 0);
  check_pair(kernel, "kernel", 1);
  for (int axis = 0; axis < 2; axis++) {
    TORCH_CHECK(
        (small[axis] - 1) * window.stride[axis] + kernel[axis] <= most_pixels, "a convolution's windows must cover at "
        "most ", most_pixels, " pixels along an axis: kernel ", kernel, ", stride ", window.stride, " and maps of ",
        small, " cover more");
  }
}

/// Refuses a weight, or a bias, that does not suit the channels of `given`.
void check_weight(
    const at::Tensor &given, const at::Tensor &weight, const OptionalTensor &bias, int64_t groups, bool is_transposed) {
  check_maps(given, "[N, C, H, W]");
  TORCH_CHECK(
      weight.dim() == 4 && weight.size(0) > 0 && weight.size(1) > 0 && at::isFloatingType(weight.scalar_type()),
      "a convolution takes a floating-point weight of 4 axes, none of them empty, and was given ", weight.scalar_type(),
      " ", weight.sizes());
  TORCH_CHECK(
      groups > 0 && weight.size(0) % groups == 0, "a convolution's weight ", weight.sizes(), " cannot be in ", groups,
      " groups: their number divides axis 0");
  const int64_t grouped = weight.size(1) * groups;
  const int64_t from = is_transposed ? weight.size(0) : grouped, to = is_transposed ? grouped : weight.size(0);
  TORCH_CHECK(
      given.size(1) == from, "a convolution's weight ", weight.sizes(), groups == 1 ? "" : ", in groups,", " takes ", from,
      " channels on axis ", is_transposed ? 0 : 1, ", and got ", given.sizes());
  TORCH_CHECK(
      !bias || (bias->dim() == 1 && bias->size(0) == to && at::isFloatingType(bias->scalar_type())),
      "a convolution to ", to, " channels takes a bias of as many floating-point numbers, and was given ",
      bias ? bias->sizes() : Sizes());
}

at::Tensor convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  check_weight(x, weight, bias, groups, false);
  check_pair(size, "size", 1);
  check_windows(window, weight.sizes().slice(2), size);
  const std::array<int64_t, 4> sizes{x.size(0), weight.size(0), size[0], size[1]};
  const auto kernel = weight.sizes().slice(2);
  const auto geometry = geometry_of(x.sizes(), sizes, kernel, window);
  const auto way = way_of(geometry, x.scalar_type(), groups);
  if (way == Way::libtorch) {
    const auto type = x.scalar_type();
    const auto own_bias = bias ? OptionalTensor(bias->to(type)) : bias;
    if (is_even(x.sizes().slice(2), kernel, size, window)) {
      return at::conv2d(channels_last(x), weight.to(type), own_bias, stride, padding, Sizes{1, 1}, groups);
    }
    return at::conv2d(fitted(x, kernel, size, window), weight.to(type), own_bias, stride, Sizes{0, 0}, Sizes{1, 1}, groups);
  }
  const auto factor = in_order(weight), addend = bias ? bias->to(at::kFloat).contiguous() : at::Tensor();
  const auto source = way == Way::pixels ? channels_last(x) : x;
  auto y = empty_maps(x, sizes);
  with_products(x.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels) {
      ctorch::convolve_pixels<T, P>(geometry, true, maps_of<T>(source), floats(factor), floats(addend), writable_maps_of<T>(y));
    } else {
      ctorch::convolve_patches<T, P>(geometry, maps_of<T>(source), floats(factor), floats(addend), writable_maps_of<T>(y));
    }
  });
  return y;
}

at::Tensor convolution_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes stride, Sizes padding, Sizes size,
    int64_t groups) {
  const Window window{stride, padding, groups};
  check_weight(y, weight, bias, groups, true);
  check_pair(size, "size", 1);
  check_windows(window, weight.sizes().slice(2), y.sizes().slice(2));
  const std::array<int64_t, 4> sizes{y.size(0), weight.size(1) * groups, size[0], size[1]};
  const auto kernel = weight.sizes().slice(2);
  const auto geometry = geometry_of(sizes, y.sizes(), kernel, window);
  const auto way = way_of(geometry, y.scalar_type(), groups);
  if (way == Way::libtorch) {
    const auto type = y.scalar_type();
    if (is_even(size, kernel, y.sizes().slice(2), window)) {
      // Of x libtorch reads only the shape and the order in memory.
      const auto x = libtorch_gradient(channels_last(y), empty_maps(y, sizes), weight.to(type), window, false);
      return bias ? x + bias->to(type).view({1, -1, 1, 1}) : x;
    }
    auto full = at::conv_transpose2d(y, weight.to(type), {}, stride, Sizes{0, 0}, Sizes{0, 0}, groups);
    const int64_t rows = size[0] + padding[0] - full.size(2), columns = size[1] + padding[1] - full.size(3);
    const auto x = at::constant_pad_nd(full, {-padding[1], columns, -padding[0], rows});
    return bias ? x + bias->to(type).view({1, -1, 1, 1}) : x;
  }
  const auto factor = in_order(weight), addend = bias ? bias->to(at::kFloat).contiguous() : at::Tensor();
  const auto source = channels_last(y);
  auto x = empty_maps(y, sizes);
  with_products(y.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels) {
      ctorch::convolve_pixels<T, P>(geometry, false, maps_of<T>(source), floats(factor), floats(addend), writable_maps_of<T>(x));
    } else {
      ctorch::scatter_patches<T, P>(
          geometry, static_cast<const T *>(source.const_data_ptr()), floats(factor), floats(addend), writable_maps_of<T>(x));
    }
  });
  return x;
}

at::Tensor convolution_weight(
    const at::Tensor &x, const at::Tensor &y, Sizes stride, Sizes padding, Sizes kernel, int64_t groups) {
  const Window window{stride, padding, groups};
  check_maps(x, "[N, inputs, H, W]");
  check_maps(y, "[N, outputs, P, Q]");
  check_windows(window, kernel, y.sizes().slice(2));
  TORCH_CHECK(
      x.size(0) == y.size(0) && x.scalar_type() == y.scalar_type(), "a convolution's weight has a gradient by maps of as "
      "many images and one type, and was given ", x.scalar_type(), " ", x.sizes(), " and ", y.scalar_type(), " ", y.sizes());
  TORCH_CHECK(
      groups > 0 && x.size(1) % groups == 0 && y.size(1) % groups == 0, "maps ", x.sizes(), " and ", y.sizes(),
      " cannot be in ", groups, " groups: their number divides the channels of both");
  const auto geometry = geometry_of(x.sizes(), y.sizes(), kernel, window);
  const auto way = way_of(geometry, x.scalar_type(), groups);
  if (way == Way::libtorch) {
    const auto weight = at::empty({y.size(1), x.size(1) / groups, kernel[0], kernel[1]}, x.options());
    const bool even = is_even(x.sizes().slice(2), kernel, y.sizes().slice(2), window);
    const auto gradient = even
        ? libtorch_gradient(channels_last(y), channels_last(x), weight, window, true)
        : libtorch_gradient(y, fitted(x, kernel, y.sizes().slice(2), window), weight, {stride, Sizes{0, 0}, groups}, true);
    return x.scalar_type() == at::kDouble ? gradient : gradient.to(at::kFloat);
  }
  auto sums = at::empty({kernel[0], kernel[1], geometry.inputs, geometry.outputs}, at::kFloat);
  auto *result = static_cast<float *>(sums.mutable_data_ptr());
  const auto source = way == Way::pixels ? channels_last(x) : x, target = channels_last(y);
  with_products(x.scalar_type(), [&](auto zero, auto products) {
    using T = decltype(zero);
    using P = decltype(products);
    if (way == Way::pixels) {
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
