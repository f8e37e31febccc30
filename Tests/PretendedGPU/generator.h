#pragma once

#include <ATen/core/Generator.h>

namespace pretended {

/// A generator of the device's, which draws what a host generator of the same seed does.
at::Generator make_generator();

/// The host generator behind one of the device's.
at::Generator host_generator(const at::Generator &generator);

}  // namespace pretended
