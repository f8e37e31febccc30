#include <ATen/CPUGeneratorImpl.h>

#include "internal.h"

using ctorch::borrow;
using ctorch::guarded;
using ctorch::release;

CTorchStatus ctorch_generator_create(
    int32_t device_type, int32_t device_index, uint64_t seed, CTorchGenerator *created) {
  return guarded([&] {
    const auto device = ctorch::device(device_type, device_index);
    auto generator = device.is_cpu()
        ? at::make_generator<at::CPUGeneratorImpl>(seed)
        : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
    generator.set_current_seed(seed);
    *created = reinterpret_cast<CTorchGenerator>(generator.unsafeReleaseGeneratorImpl());
  });
}

void ctorch_generator_release(CTorchGenerator generator) {
  c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(reinterpret_cast<c10::GeneratorImpl *>(generator)).reset();
}

CTorchStatus ctorch_generator_state(CTorchGenerator generator, CTorchTensor *state) {
  return guarded([&] { *state = release(borrow(generator).get_state()); });
}

CTorchStatus ctorch_generator_set_state(CTorchGenerator generator, CTorchTensor state) {
  return guarded([&] { borrow(generator).set_state(borrow(state)); });
}
