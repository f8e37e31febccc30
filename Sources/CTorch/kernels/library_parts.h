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

/// How many parts of at least `least` of `count` things there are to compute `flops` floating-point operations: one where
/// threads would not pay.
inline int64_t library_parts(int64_t count, int64_t least, double flops) {
  constexpr double worth_sharing = 4e6;
  if (pool_threads() == 1 || flops < worth_sharing) return 1;
  return std::clamp<int64_t>(count / least, 1, 2 * pool_threads());
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
