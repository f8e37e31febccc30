// Work shared among the threads of libtorch's own OpenMP runtime.
//
// at::parallel_for compiled with the Swift toolchain's clang is silently serial, since that clang has no OpenMP; and a
// second OpenMP runtime in the process would fight the first for the cores. So teams are asked for by the entry point
// that compilers generate calls to.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

extern "C" {
void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_in_parallel(void);
}

namespace ctorch {

/// Calls `body(begin, end)` for disjoint ranges that cover 0..<count, each of at least `grain` but for the last, on
/// as many threads as libtorch uses. `body` must not throw.
template <typename Body> void parallel_ranges(int64_t count, int64_t grain, const Body &body) {
  // OpenMP keeps a number of threads for each thread; libtorch's own function brings this thread's up to date.
  const int64_t wanted = std::min<int64_t>(at::get_num_threads(), (count + grain - 1) / std::max<int64_t>(grain, 1));
  if (wanted <= 1 || omp_in_parallel()) {
    if (count > 0) body(int64_t{0}, count);
    return;
  }
  struct Work {
    const Body *body;
    int64_t count;
  } work{&body, count};
  GOMP_parallel(
      [](void *opaque) {
        const auto &work = *static_cast<Work *>(opaque);
        const int64_t threads = omp_get_num_threads(), thread = omp_get_thread_num();
        const int64_t begin = work.count * thread / threads, end = work.count * (thread + 1) / threads;
        if (begin < end) (*work.body)(begin, end);
      },
      &work, static_cast<unsigned>(wanted), 0);
}

/// Calls `body(thread, next)` on `threads` threads, where each `next()` hands out another of 0..<count, and −1 in the
/// end: for tasks of unequal size. `body` must not throw.
template <typename Body> void parallel_tasks(int64_t count, const Body &body) {
  const int64_t wanted = std::min<int64_t>(at::get_num_threads(), count);
  std::atomic<int64_t> counter{0};
  const auto next = [&counter, count] {
    const int64_t task = counter.fetch_add(1, std::memory_order_relaxed);
    return task < count ? task : int64_t{-1};
  };
  if (wanted <= 1 || omp_in_parallel()) {
    if (count > 0) body(int64_t{0}, next);
    return;
  }
  struct Work {
    const Body *body;
    const decltype(next) *following;
  } work{&body, &next};
  GOMP_parallel(
      [](void *opaque) {
        const auto &work = *static_cast<Work *>(opaque);
        (*work.body)(int64_t{omp_get_thread_num()}, *work.following);
      },
      &work, static_cast<unsigned>(wanted), 0);
}

}  // namespace ctorch
