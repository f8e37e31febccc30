#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "internal.h"
#include "parallel.h"

void ctorch::keep_library_on_thread() {
  static const bool once = (at::set_num_threads(1), true);
  // OpenMP keeps a number of threads for each thread; this brings the calling thread's up to date.
  thread_local const bool is_set = once && at::get_num_threads() == 1;
  static_cast<void>(is_set);
}

const char *ctorch_version(void) { return TORCH_VERSION; }

CTorchStatus ctorch_thread_count(int32_t *count) {
  return ctorch::guarded([&] { *count = static_cast<int32_t>(ctorch::pool_threads()); });
}

CTorchStatus ctorch_set_thread_count(int32_t count) {
  return ctorch::guarded([&] { ctorch::set_pool_threads(count); });
}

CTorchStatus ctorch_measured_team_size(int32_t *size) {
  return ctorch::guarded([&] {
    const auto wanted = static_cast<int32_t>(ctorch::pool_threads());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    std::atomic<int32_t> members{0};
    // While another thread has a job, this one would be alone.
    do {
      members = 0;
      ctorch::parallel_tasks(wanted, [&](int64_t thread, const auto &next) {
        if (thread == 0) members++;
        for (bool is_first = thread > 0; next() >= 0; is_first = false) {
          if (is_first) members++;
          const auto pause = std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
          while (members < wanted && std::chrono::steady_clock::now() < pause) std::this_thread::yield();
        }
      });
    } while (members < wanted && std::chrono::steady_clock::now() < end);
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
