#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <malloc.h>

#include <atomic>

#include "internal.h"
#include "parallel.h"

const char *ctorch_version(void) { return TORCH_VERSION; }

CTorchStatus ctorch_thread_count(int32_t *count) {
  return ctorch::guarded([&] { *count = at::get_num_threads(); });
}

CTorchStatus ctorch_set_thread_count(int32_t count) {
  return ctorch::guarded([&] { at::set_num_threads(count); });
}

CTorchStatus ctorch_measured_team_size(int32_t *size) {
  return ctorch::guarded([&] {
    std::atomic<int32_t> members{0};
    ctorch::on_team(at::get_num_threads(), [&](int64_t, int64_t) { members.fetch_add(1); });
    *size = members.load();
  });
}

void ctorch_keep_freed_memory(void) {
  // No block from the kernel by itself, since that goes back when it is freed, and no return of the heap's free end.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

const char *ctorch_cpu_capability(void) {
  static const std::string capability = at::get_cpu_capability();
  return capability.c_str();
}

bool ctorch_has_cuda(void) {
  try {
    return at::hasCUDA() && at::globalContext().getAcceleratorHooksInterface(c10::kCUDA).deviceCount() > 0;
  } catch (const std::exception &) {
    // The hooks refuse when the CUDA library is loaded and the driver is not; that is "no CUDA" to the caller.
    return false;
  }
}
