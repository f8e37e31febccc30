#include "pool.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <climits>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "helpers_worth.h"

namespace ctorch {

namespace {

using Clock = std::chrono::steady_clock;

/// A number that threads can sleep on until it changes.
using Word = std::atomic<uint32_t>;

void sleep_while(Word &word, uint32_t value) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

void wake_all(Word &word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

/// How long a thread that waits looks again and again before it sleeps. Between two kernels of a step there is less.
constexpr auto patience = std::chrono::microseconds(50);

/// Whether `is_over()` within the time for which it pays to look.
template <typename Condition> bool comes_soon(const Condition &is_over) {
  const auto end = Clock::now() + patience;
  do {
    for (int i = 0; i < 16; i++) {
      if (is_over()) return true;
      __builtin_ia32_pause();
    }
  } while (Clock::now() < end);
  return false;
}

/// Whether the calling thread works on a job.
thread_local bool is_working = false;

struct WorkScope {
  WorkScope() { is_working = true; }
  ~WorkScope() { is_working = false; }
};

}  // namespace

/// One job at a time, and the threads that help with it.
class Pool {
public:
  /// Never destroyed: helpers look at it until the process ends.
  static Pool &shared() {
    static auto *pool = new Pool();
    return *pool;
  }

  std::atomic<int64_t> threads{std::max<int64_t>(1, std::thread::hardware_concurrency())}, delay{0};

  void run(int64_t count, void (*new_body)(void *, int64_t, Pieces &), void *new_data) {
    const int64_t helpers = std::min({threads.load(), count, int64_t{UINT32_MAX}}) - 1;
    std::unique_lock owner(lock, std::defer_lock);
    if (helpers < 1 || is_working || count > UINT32_MAX || !owner.try_lock()) return run_alone(count, new_body, new_data);
    const JobTime time(worth, threads);
    if (!worth.pay()) {
      const WorkScope scope;
      return run_alone(count, new_body, new_data);
    }
    while (started < helpers) {
      std::thread([this, number = ++started] { help(number); }).detach();
    }
    body = new_body;
    data = new_data;
    total = count;
    wanted = helpers;
    done = 0;
    has_failed = false;
    failure = nullptr;
    const uint32_t job = ++jobs;
    // From here on helpers take pieces.
    open = static_cast<uint64_t>(job) << 32 | static_cast<uint64_t>(count);
    newest = job;
    if (sleepers > 0) wake_all(newest);

    Pieces pieces;
    pieces.job = job;
    pieces.is_shared = true;
    work(0, pieces);
    // After a failure nobody takes what is left.
    while (take(job) >= 0) finish();
    const auto all = static_cast<uint32_t>(count);
    if (!comes_soon([&] { return done == all; })) {
      for (uint32_t now = done; now != all; now = done) {
        caller_sleeps = true;
        if (done == now) sleep_while(done, now);
        caller_sleeps = false;
      }
    }
    if (failure) std::rethrow_exception(failure);
  }

  int64_t next(Pieces &pieces) {
    if (pieces.ready >= 0) {
      pieces.is_begun = true;
      return std::exchange(pieces.ready, -1);
    }
    if (has_failed) return -1;
    if (pieces.is_helping) idle();
    const int64_t piece = take(pieces.job);
    // The last piece is done when the body has returned: until then it may use what its caller has.
    if (piece >= 0 && pieces.is_begun) finish();
    pieces.is_begun = piece >= 0 || pieces.is_begun;
    return piece;
  }

private:
  std::mutex lock;
  HelpersWorth worth;
  uint32_t jobs = 0;
  int64_t started = 0;
  // What belongs to the job. It does not change while somebody has a piece that is not done.
  void (*body)(void *, int64_t, Pieces &) = nullptr;
  void *data = nullptr;
  std::atomic<int64_t> total{0}, wanted{0};
  std::atomic<bool> has_failed{false};
  std::exception_ptr failure;
  /// The job's number in the upper half, and below it how many pieces nobody has taken: 0 when the job ends.
  alignas(64) std::atomic<uint64_t> open{0};
  /// How many pieces are done; the caller sleeps on it.
  alignas(64) Word done{0};
  std::atomic<bool> caller_sleeps{false};
  /// The newest job; helpers sleep on it.
  alignas(64) Word newest{0};
  std::atomic<int64_t> sleepers{0};

  /// The number of a piece that nobody has taken; −1 when there is none.
  int64_t take(uint32_t job) {
    uint64_t now = open;
    while (static_cast<uint32_t>(now >> 32) == job && static_cast<uint32_t>(now) > 0) {
      if (open.compare_exchange_weak(now, now - 1)) return total - static_cast<uint32_t>(now);
    }
    return -1;
  }

  void finish() {
    done++;
    if (caller_sleeps) wake_all(done);
  }

  static void run_alone(int64_t count, void (*body)(void *, int64_t, Pieces &), void *data) {
    Pieces pieces;
    pieces.count = count;
    body(data, 0, pieces);
  }

  void work(int64_t thread, Pieces &pieces) {
    try {
      const WorkScope scope;
      body(data, thread, pieces);
    } catch (...) {
      if (!has_failed.exchange(true)) failure = std::current_exception();
    }
    if (pieces.is_begun || pieces.ready >= 0) finish();
  }

  /// What a helper does until the process ends.
  [[noreturn]] void help(int64_t number) {
    uint32_t seen = 0;
    while (true) {
      if (!comes_soon([&] { return newest != seen; })) {
        sleepers++;
        while (newest == seen) sleep_while(newest, seen);
        sleepers--;
      }
      seen = newest;
      idle();
      if (number > wanted) continue;
      Pieces pieces;
      pieces.ready = take(seen);
      if (pieces.ready < 0) continue;
      pieces.job = seen;
      pieces.is_shared = pieces.is_helping = true;
      work(number, pieces);
    }
  }

  void idle() {
    thread_local uint64_t state = reinterpret_cast<uintptr_t>(&state) | 1;
    int64_t most = delay;
    if (most == 0) return;
    state = state * 6364136223846793005 + 1442695040888963407;
    if (most > 0) most = static_cast<int64_t>((state >> 33) % static_cast<uint64_t>(most));
    const auto end = Clock::now() + std::chrono::microseconds(most);
    while (delay < 0 || Clock::now() < end) std::this_thread::sleep_for(std::chrono::microseconds(10));
  }
};

int64_t Pieces::next() {
  if (is_shared) return Pool::shared().next(*this);
  return taken < count ? taken++ : -1;
}

int64_t pool_threads() { return Pool::shared().threads; }

void set_pool_threads(int64_t count) { Pool::shared().threads = std::max<int64_t>(1, count); }

void run_pieces(int64_t count, void (*body)(void *, int64_t, Pieces &), void *data) {
  if (count > 0) Pool::shared().run(count, body, data);
}

void set_pool_delay(int64_t microseconds) { Pool::shared().delay = microseconds; }

}  // namespace ctorch
