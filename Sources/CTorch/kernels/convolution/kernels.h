// The computations of a convolution for T = bfloat16 or float32, with the products of P = Avx512Products,
// Avx2Products or PortableProducts. Weights are float32 in the memory order [taps, inputs, outputs]; sums are float32. All are linear in
// both arguments. `bias` may be null.
#pragma once

#include <ATen/ATen.h>

#include "geometry.h"

namespace ctorch {

/// Many channels: each pixel of all images is a matrix [images, channels], and each tap a product with it.
///
/// With `to_y`, y = W x; else x = Wᵀ y. Channels lie side by side in both maps.
template <typename T, typename P>
void convolve_pixels(
    const Geometry &geometry, bool to_y, Maps<const T> source, const float *weight, const float *bias, Maps<T> target);

/// The weight's gradient [taps, inputs, outputs] for many channels: for each tap, Σ xᵀ y over images and pixels.
template <typename T, typename P>
void correlate_pixels(const Geometry &geometry, Maps<const T> x, Maps<const T> y, float *result);

/// Few inputs: y = W x, with what a window sees as a row of a matrix. y's channels lie side by side.
template <typename T, typename P>
void convolve_patches(
    const Geometry &geometry, Maps<const T> x, const float *weight, const float *bias, Maps<T> y);

/// Few inputs: x = Wᵀ y, the windows' rows added up where they overlap. y is dense, channels last.
template <typename T, typename P>
void scatter_patches(
    const Geometry &geometry, const T *y, const float *weight, const float *bias, Maps<T> x);

/// The weight's gradient [taps, inputs, outputs] for few inputs. y is dense, channels last.
template <typename T, typename P>
void correlate_patches(const Geometry &geometry, Maps<const T> x, const T *y, float *result);

}  // namespace ctorch
