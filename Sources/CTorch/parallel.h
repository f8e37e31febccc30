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
#include <exception>

extern "C" {
void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_in_parallel(void);
}

namespace ctorch {

/// The first exception among the members of a team. One that left a member would end the process: OpenMP's runtime has
/// no handler on its stack.
class TeamFailure {
public:
  /// Runs a member's share of the work.
  template <typename Share> void guard(const Share &share) noexcept {
    try {
      share();
    } catch (...) {
      if (!failed.exchange(true)) exception = std::current_exception();
    }
  }

  bool has_happened() const { return failed.load(std::memory_order_relaxed); }

  /// Throws it on the thread that asked for the team, after the team has ended.
  void rethrow() const {
    if (exception) std::rethrow_exception(exception);
  }

private:
  std::atomic<bool> failed{false};
  std::exception_ptr exception;
};

/// Runs `share(thread, threads)` on a team of `threads`, and throws what one of them threw.
template <typename Share> void on_team(int64_t threads, TeamFailure &failure, const Share &share) {
  struct Work {
    const Share *share;
    TeamFailure *failure;
  } work{&share, &failure};
  GOMP_parallel(
      [](void *opaque) {
        const auto &work = *static_cast<Work *>(opaque);
        work.failure->guard([&] { (*work.share)(int64_t{omp_get_thread_num()}, int64_t{omp_get_num_threads()}); });
      },
      &work, static_cast<unsigned>(threads), 0);
  failure.rethrow();
}

template <typename Share> void on_team(int64_t threads, const Share &share) {
  TeamFailure failure;
  on_team(threads, failure, share);
}

/// Calls `body(begin, end)` for disjoint ranges that cover 0..<count, each of at least `grain` but for the last, on
/// as many threads as libtorch uses. What a call throws is thrown here after the others have ended.
template <typename Body> void parallel_ranges(int64_t count, int64_t grain, const Body &body) {
  // OpenMP keeps a number of threads for each thread; libtorch's own function brings this thread's up to date.
  const int64_t wanted = std::min<int64_t>(at::get_num_threads(), (count + grain - 1) / std::max<int64_t>(grain, 1));
  if (wanted <= 1 || omp_in_parallel()) {
    if (count > 0) body(int64_t{0}, count);
    return;
  }
  on_team(wanted, [&](int64_t thread, int64_t threads) {
    const int64_t begin = count * thread / threads, end = count * (thread + 1) / threads;
    if (begin < end) body(begin, end);
  });
}

/// Calls `body(thread, next)` on several threads, where each `next()` hands out another of 0..<count, and −1 in the
/// end: for tasks of unequal size. What a call throws is thrown here; the others get no further tasks.
template <typename Body> void parallel_tasks(int64_t count, const Body &body) {
  const int64_t wanted = std::min<int64_t>(at::get_num_threads(), count);
  TeamFailure failure;
  std::atomic<int64_t> counter{0};
  const auto next = [&] {
    const int64_t task = counter.fetch_add(1, std::memory_order_relaxed);
    return task < count && !failure.has_happened() ? task : int64_t{-1};
  };
  if (wanted <= 1 || omp_in_parallel()) {
    if (count > 0) body(int64_t{0}, next);
    return;
  }
  on_team(wanted, failure, [&](int64_t thread, int64_t) { body(thread, next); });
}

}  // namespace ctorch
