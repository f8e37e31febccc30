#include <ATen/DeviceAccelerator.h>

#include <string>

#include "internal.h"

CTorchStatus ctorch_device_named(const char *name, int32_t *type, int32_t *index) {
  return ctorch::guarded([&] {
    const c10::Device device(name);
    *type = static_cast<int32_t>(device.type());
    // A tensor that was sent to "cuda" says that it is on "cuda:0".
    *index = device.has_index() || !at::accelerator::isAccelerator(device.type()) ? device.index() : 0;
  });
}

const char *ctorch_device_name(int32_t type, int32_t index) {
  thread_local std::string name;
  const auto status = ctorch::guarded([&] { name = ctorch::device(type, index).str(); });
  if (status != CTORCH_OK) name = "device " + std::to_string(index) + " of libtorch's type " + std::to_string(type);
  return name.c_str();
}
