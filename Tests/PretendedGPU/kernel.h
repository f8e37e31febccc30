// What happens around every operator on the device.
#pragma once

#include <ATen/ATen.h>

namespace pretended {

/// Counts a kernel. The copies to the host and back that compute it are the pretence's and are not counted.
class Kernel {
public:
  Kernel();
  ~Kernel();
  Kernel(const Kernel &) = delete;
  Kernel &operator=(const Kernel &) = delete;

  /// Whether this thread is computing one.
  static bool is_running();
};

/// Refuses host tensors beside the device's, as a GPU does, but for numbers that libtorch has wrapped as tensors. Undefined
/// tensors are neither.
void check_devices(const std::string &name, const std::vector<at::Tensor> &tensors);

}  // namespace pretended
