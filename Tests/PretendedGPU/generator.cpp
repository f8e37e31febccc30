#include "generator.h"

#include <ATen/CPUGeneratorImpl.h>

namespace pretended {
namespace {

struct Generator final : c10::GeneratorImpl {
  at::Generator host;

  explicit Generator(at::Generator host)
      : GeneratorImpl(c10::Device(c10::kPrivateUse1, 0), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1)),
        host(std::move(host)) {}

  static c10::DeviceType device_type() { return c10::kPrivateUse1; }
  void set_current_seed(uint64_t seed) override { host.set_current_seed(seed); }
  void set_offset(uint64_t offset) override { host.set_offset(offset); }
  uint64_t get_offset() const override { return host.get_offset(); }
  uint64_t current_seed() const override { return host.current_seed(); }
  uint64_t seed() override { return host.seed(); }
  void set_state(const c10::TensorImpl &state) override { host.unsafeGetGeneratorImpl()->set_state(state); }
  c10::intrusive_ptr<c10::TensorImpl> get_state() const override {
    return host.unsafeGetGeneratorImpl()->get_state();
  }
  Generator *clone_impl() const override { return new Generator(host.clone()); }
};

}  // namespace

at::Generator make_generator() { return at::make_generator<Generator>(at::make_generator<at::CPUGeneratorImpl>(0)); }

at::Generator host_generator(const at::Generator &generator) { return at::check_generator<Generator>(generator)->host; }

}  // namespace pretended
