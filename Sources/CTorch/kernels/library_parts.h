// libtorch's operators on parts of their arguments, a part a piece of the pool's: libtorch by itself computes on one thread
// here, since its teams of OpenMP wait for threads that have not come, and look for work where ours should work.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/LegacyTypeDispatch.h>

#include "../internal.h"
#include "../parallel.h"

namespace ctorch {

/// Lets the calling thread call libtorch's operators as kernels do: below autograd, and on this thread alone.
class LibraryScope {
public:
  LibraryScope() { keep_library_on_thread(); }

private:
  at::AutoDispatchBelowADInplaceOrView below;
};

/// How many parts of at least `least` of `count` things there are to compute `flops` floating-point operations: so many that
/// each takes some hundred microseconds, or the parts cost more than they save. A profile is of one thread, so there is one
/// part while it is taken: other threads could take every part, and the operator would be missing from it.
inline int64_t library_parts(int64_t count, int64_t least, double flops) {
  constexpr double flops_of_a_part = 1e7;
  const auto most = std::min(count / least, static_cast<int64_t>(flops / flops_of_a_part));
  return pool_threads() == 1 || is_profiled() ? 1 : std::clamp<int64_t>(most, 1, 2 * pool_threads());
}

/// `body(first, count)` for each of some parts of 0 ..< `count` along `axis` of its result, put together.
template <typename Body> at::Tensor in_library_parts(int64_t count, int64_t parts, int64_t axis, const Body &body) {
  if (parts <= 1) return body(int64_t{0}, count);
  std::vector<at::Tensor> results(parts);
  parallel_tasks(parts, [&](int64_t, const auto &next) {
    const LibraryScope scope;
    for (int64_t i = next(); i >= 0; i = next()) {
      const int64_t first = count * i / parts;
      results[i] = body(first, count * (i + 1) / parts - first);
    }
  });
  return at::cat(results, axis);
}

}  // namespace ctorch
