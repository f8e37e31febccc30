#include "counts.h"

#include <atomic>
#include <mutex>

#include "PretendedGPU.h"

namespace pretended {
namespace {
std::atomic<int64_t> values_read, uploads, kernels;
std::mutex lock;
std::string last_read;
}  // namespace

void count_read(int64_t values, const std::string &what) {
  values_read += values;
  const std::lock_guard guard(lock);
  last_read = what;
}

void count_upload() { uploads++; }

void count_kernel() { kernels++; }
}  // namespace pretended

PretendedGPUCounts pretended_gpu_counts(void) {
  return {pretended::values_read, pretended::uploads, pretended::kernels};
}

void pretended_gpu_reset_counts(void) {
  pretended::values_read = pretended::uploads = pretended::kernels = 0;
  const std::lock_guard guard(pretended::lock);
  pretended::last_read.clear();
}

const char *pretended_gpu_last_read(void) {
  thread_local std::string copy;
  const std::lock_guard guard(pretended::lock);
  copy = pretended::last_read;
  return copy.c_str();
}
