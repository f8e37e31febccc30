#include "window.h"

namespace ctorch {
namespace {

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

}  // namespace

void check_convolution(
    const at::Tensor &x, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  check_weight(x, weight, bias, window.groups, false);
  check_pair(size, "size", 1);
  check_windows(window, weight.sizes().slice(2), size);
}

void check_transpose(
    const at::Tensor &y, const at::Tensor &weight, const OptionalTensor &bias, Sizes size, const Window &window) {
  check_weight(y, weight, bias, window.groups, true);
  check_pair(size, "size", 1);
  check_windows(window, weight.sizes().slice(2), y.sizes().slice(2));
}

void check_weight_gradient(const at::Tensor &x, const at::Tensor &y, Sizes kernel, const Window &window) {
  const int64_t groups = window.groups;
  check_maps(x, "[N, inputs, H, W]");
  check_maps(y, "[N, outputs, P, Q]");
  check_windows(window, kernel, y.sizes().slice(2));
  TORCH_CHECK(
      x.size(0) == y.size(0) && x.scalar_type() == y.scalar_type(), "a convolution's weight has a gradient by maps of as "
      "many images and one type, and was given ", x.scalar_type(), " ", x.sizes(), " and ", y.scalar_type(), " ", y.sizes());
  TORCH_CHECK(
      groups > 0 && x.size(1) % groups == 0 && y.size(1) % groups == 0, "maps ", x.sizes(), " and ", y.sizes(),
      " cannot be in ", groups, " groups: their number divides the channels of both");
}

}  // namespace ctorch
