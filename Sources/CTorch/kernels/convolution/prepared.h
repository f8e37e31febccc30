// Weights as the kernels multiply with them, rounded and packed: kept, so that one that is used several times between two
// steps of an optimizer, or again and again in generation, is prepared once.
//
// A form is found again by the weight's place in memory and by libtorch's count of the changes to it. Whatever
// ctorch_operator_call calls raises the count of what it writes, also where libtorch's operator does not by itself, and so does
// ctorch_tensor_mutable_data: what was made of other elements is never returned.
#pragma once

#include <ATen/ATen.h>

#include "geometry.h"

namespace ctorch {

/// Makes a form of a weight that lies in memory as float32 [taps, inputs, outputs].
using Prepare = at::Tensor (*)(const Geometry &geometry, const float *weight);

/// What `prepare` makes of `weight` `[outputs, inputs, kH, kW]`, or the form kept from an earlier call. Any thread may ask.
at::Tensor prepared(const at::Tensor &weight, const Geometry &geometry, Prepare prepare);

}  // namespace ctorch
