// Work shared among threads: ranges and tasks for the pool.
//
// at::parallel_for compiled with the Swift toolchain's clang is silently serial, since that clang has no OpenMP.
#pragma once

#include <algorithm>
#include <cstdint>

#include "pool.h"

namespace ctorch {

/// Calls `body(thread, next)` on several threads, each with a number below ``pool_threads()``, where each `next()` hands out
/// another of 0..<count, and −1 in the end. What a call throws is thrown here; the others get no further tasks.
template <typename Body> void parallel_tasks(int64_t count, const Body &body) {
  run_pieces(
      count,
      [](void *data, int64_t thread, Pieces &pieces) {
        (*static_cast<const Body *>(data))(thread, [&] { return pieces.next(); });
      },
      const_cast<Body *>(&body));
}

/// Calls `body(begin, end)` for disjoint ranges that cover 0..<count, each of at least `grain` unless that is more than
/// `count`, on several threads. What a call throws is thrown here after the others have ended.
template <typename Body> void parallel_ranges(int64_t count, int64_t grain, const Body &body) {
  // Several for each thread, so that one that comes late, or not at all, leaves its share to the others.
  constexpr int64_t shares = 8;
  const int64_t most = count / std::max<int64_t>(grain, 1);
  const int64_t pieces = std::min(most, pool_threads() == 1 ? 1 : shares * pool_threads());
  if (pieces <= 1) {
    if (count > 0) body(int64_t{0}, count);
    return;
  }
  parallel_tasks(pieces, [&](int64_t, const auto &next) {
    for (int64_t i = next(); i >= 0; i = next()) body(count * i / pieces, count * (i + 1) / pieces);
  });
}

}  // namespace ctorch
