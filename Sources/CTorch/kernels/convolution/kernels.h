// The computations of a convolution for T = bfloat16 or float32, with the products of P = Avx512Products, Avx2Products or
// PortableProducts. Weights are float32 in the memory order [taps, inputs, outputs] and prepared as second factors of the
// products; sums are float32. All are linear in both arguments. `bias` may be null.
#pragma once

#include <ATen/ATen.h>

#include "geometry.h"

namespace ctorch {

/// What ``convolve_pixels`` multiplies with on the way to y, and to x.
template <typename T, typename P> at::Tensor pixel_factors_to_y(const Geometry &geometry, const float *weight);
template <typename T, typename P> at::Tensor pixel_factors_to_x(const Geometry &geometry, const float *weight);

/// Many channels: each pixel of all images is a matrix [images, channels], or each row of an image a matrix [pixels,
/// channels] if those are more, and each tap a product with it.
///
/// With `to_y`, y = W x; else x = Wᵀ y. Channels lie side by side in both maps.
template <typename T, typename P>
void convolve_pixels(
    const Geometry &geometry, bool to_y, Maps<const T> source, const T *factors, const float *bias, Maps<T> target);

/// The weight's gradient [taps, inputs, outputs] for many channels: for each tap, Σ xᵀ y over images and pixels, in products
/// along the images, or along rows of pixels if those are more.
template <typename T, typename P>
void correlate_pixels(const Geometry &geometry, Maps<const T> x, Maps<const T> y, float *result);
template <typename T, typename P>
void correlate_rows(const Geometry &geometry, Maps<const T> x, Maps<const T> y, float *result);

/// What ``convolve_patches`` and ``scatter_patches`` multiply with.
template <typename T, typename P> at::Tensor patch_factors_to_y(const Geometry &geometry, const float *weight);
template <typename T, typename P> at::Tensor patch_factors_to_x(const Geometry &geometry, const float *weight);

/// Few inputs: y = W x, with what a window sees as a row of a matrix. y's channels lie side by side.
template <typename T, typename P>
void convolve_patches(const Geometry &geometry, Maps<const T> x, const T *factors, const float *bias, Maps<T> y);

/// Few inputs: x = Wᵀ y, the windows' rows added up where they overlap. y is dense, channels last.
template <typename T, typename P>
void scatter_patches(const Geometry &geometry, const T *y, const T *factors, const float *bias, Maps<T> x);

/// The weight's gradient [taps, inputs, outputs] for few inputs. y is dense, channels last.
template <typename T, typename P>
void correlate_patches(const Geometry &geometry, Maps<const T> x, const T *y, float *result);

}  // namespace ctorch
