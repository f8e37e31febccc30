// Memory that the host may touch only while it is opened.
#pragma once

#include <ATen/ATen.h>

namespace pretended {

c10::Allocator *allocator();

/// The elements of a tensor on the device as a tensor of the host's, for as long as this lives; a host tensor as it is.
///
/// Opens of one block nest, on one thread or on several: autograd has a thread of its own for the device.
class Opened {
public:
  explicit Opened(const at::Tensor &tensor);
  ~Opened();
  Opened(const Opened &) = delete;
  Opened &operator=(const Opened &) = delete;

  const at::Tensor &operator*() const { return elements; }
  const at::Tensor *operator->() const { return &elements; }

private:
  void *block = nullptr;
  at::Tensor elements;
};

}  // namespace pretended
