// Threads that help whoever has work for several: nobody waits for one that has not come.
//
// The caller of a job takes pieces until none is left, and so does each helper that comes in time. Then the caller waits only
// for pieces that somebody has begun. So a helper that the system has put aside costs a piece at most, where a team of
// OpenMP, whose members have a share each, waits until all of them have come and gone. Who takes which piece differs from
// run to run: what a piece computes must not depend on it.
#pragma once

#include <cstdint>

namespace ctorch {

/// How many threads work on a job, the caller included: 1 or more.
int64_t pool_threads();
void set_pool_threads(int64_t count);

/// The pieces of a job, as one of its threads takes them.
class Pieces {
public:
  /// The number of another piece; −1 when none is left. The one before is done then.
  int64_t next();

private:
  friend class Pool;
  /// Of a job that a thread does alone: how many pieces there are, and how many it has taken.
  int64_t count = 0, taken = 0;
  /// Of a shared job: which it is, the piece that was taken for ``next()`` to hand out, and whether one is being worked on.
  uint32_t job = 0;
  int64_t ready = -1;
  bool is_shared = false, is_begun = false, is_helping = false;
};

/// Calls `body(data, thread, pieces)` on the calling thread, whose number is 0, and on helpers, whose numbers are different
/// and less than ``pool_threads()``, until the pieces 0 ..< `count` are done.
///
/// From within a piece, while another thread has a job, or as long as helpers do not pay (``HelpersWorth``), the caller works
/// alone. Throws what a call throws; no further
/// pieces are begun then.
void run_pieces(int64_t count, void (*body)(void *data, int64_t thread, Pieces &pieces), void *data);

/// For tests: helpers idle for up to so many microseconds, at random, before each piece; they never come if it is negative.
void set_pool_delay(int64_t microseconds);

}  // namespace ctorch
