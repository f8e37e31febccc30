#include "kernel.h"

#include "counts.h"

namespace pretended {
namespace {

thread_local int64_t running = 0;

std::string summary(const at::Tensor &tensor) {
  return c10::str(tensor.device(), " ", tensor.scalar_type(), " ", tensor.sizes());
}

}  // namespace

Kernel::Kernel() {
  count_kernel();
  running++;
}

Kernel::~Kernel() { running--; }

bool Kernel::is_running() { return running > 0; }

void check_devices(const std::string &name, const std::vector<at::Tensor> &tensors) {
  const auto is_elsewhere = [](const at::Tensor &tensor) {
    return tensor.defined() && !tensor.is_privateuseone() && !tensor.unsafeGetTensorImpl()->is_wrapped_number();
  };
  if (std::none_of(tensors.begin(), tensors.end(), is_elsewhere)) return;
  std::string given;
  for (const auto &tensor : tensors) {
    if (tensor.defined()) given += (given.empty() ? "" : ", ") + summary(tensor);
  }
  TORCH_CHECK(
      false, name, " takes tensors of one device, and was given ", given, ": bring them to one with .to(device)");
}

}  // namespace pretended
