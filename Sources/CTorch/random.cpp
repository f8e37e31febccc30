#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

#include "internal.h"

using ctorch::borrow;
using ctorch::guarded;
using ctorch::release;

CTorchStatus ctorch_generator_create(
    int32_t device_type, int32_t device_index, uint64_t seed, CTorchGenerator *created) {
  return guarded([&] {
    const auto type = static_cast<c10::DeviceType>(device_type);
    auto generator = type == c10::kCPU
        ? at::make_generator<at::CPUGeneratorImpl>(seed)
        : at::globalContext().getAcceleratorHooksInterface(type).getNewGenerator(
              static_cast<c10::DeviceIndex>(device_index));
    generator.set_current_seed(seed);
    *created = reinterpret_cast<CTorchGenerator>(generator.unsafeReleaseGeneratorImpl());
  });
}

void ctorch_generator_release(CTorchGenerator generator) {
  c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(reinterpret_cast<c10::GeneratorImpl *>(generator)).reset();
}

CTorchStatus ctorch_generator_set_seed(CTorchGenerator generator, uint64_t seed) {
  return guarded([&] {
    auto borrowed = borrow(generator);
    std::lock_guard<std::mutex> lock(borrowed.mutex());
    borrowed.set_current_seed(seed);
  });
}

CTorchStatus ctorch_generator_state(CTorchGenerator generator, CTorchTensor *state) {
  return guarded([&] { *state = release(borrow(generator).get_state()); });
}

CTorchStatus ctorch_generator_set_state(CTorchGenerator generator, CTorchTensor state) {
  return guarded([&] { borrow(generator).set_state(borrow(state)); });
}
