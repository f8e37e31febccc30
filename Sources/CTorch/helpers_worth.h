// Whether helpers make the jobs of a pool faster. Beside busy programs they need not: the system may let a helper run on its
// caller's core alone, or put it aside in the middle of a piece that is then waited for.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ctorch {

/// If the process gets little time on other cores, tries a stretch of jobs without helpers, keeps to the faster way, and
/// tries the other again now and then. Results do not depend on it: the pieces of a job stay the same.
class HelpersWorth {
public:
  using Seconds = std::chrono::duration<double>;

  /// Whether the next job gets helpers.
  bool pay() const { return with_helpers; }

  void job_begins() {
    began = Clock::now();
    // The serial work between jobs counts, a pause does not.
    if (began - ended < longest_gap) spent += began - ended;
  }

  /// `threads`: how many could have worked on it.
  void job_ends(int64_t threads) {
    ended = Clock::now();
    spent += ended - began;
    if (++jobs < stretch && spent < longest_stretch) return;
    const auto now = processor_time();
    stretch_ends(spent, (now - used) / (ended - stretch_began), threads);
    jobs = 0;
    spent = {};
    used = now;
    stretch_began = ended;
  }

  /// After a stretch of jobs that took `spent`, in which all threads of the process together used so many `cores`.
  void stretch_ends(Seconds spent, double cores, int64_t threads) {
    // On a quiet machine a process with two threads uses 1.7 to 1.9 cores, beside busy programs 1.0 or less.
    const bool is_short_of_cores = cores < 0.65 * static_cast<double>(threads);
    if (is_trial) {
      // Stretches of equal work differ by some per cent.
      const bool is_faster = spent < 0.97 * usual;
      if (!is_faster) with_helpers = !with_helpers;
      patience = is_faster ? shortest_patience : std::min(2 * patience, longest_patience);
      until_trial = patience;
      is_trial = false;
    } else if (until_trial > 0) {
      until_trial--;
    } else if (!with_helpers || is_short_of_cores) {
      usual = spent;
      with_helpers = !with_helpers;
      is_trial = true;
    }
  }

private:
  using Clock = std::chrono::steady_clock;

  static constexpr auto longest_gap = std::chrono::milliseconds(20);
  /// Jobs in a stretch: so many steps of training that it matters little if one ends in the middle of a step.
  static constexpr int64_t stretch = 2048;
  /// Fewer, if each is a large part of a step.
  static constexpr auto longest_stretch = std::chrono::seconds(3);
  /// After how many stretches the other way is tried again.
  static constexpr int64_t shortest_patience = 2, longest_patience = 8;

  bool with_helpers = true, is_trial = false;
  int64_t jobs = 0, until_trial = 0, patience = shortest_patience;
  /// The time of this stretch, and of the one before a trial.
  Seconds spent{}, usual{};
  Clock::time_point began{}, ended{}, stretch_began = Clock::now();
  Seconds used = processor_time();

  static Seconds processor_time() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
};

/// The time of a job, from here to the end of the scope.
class JobTime {
public:
  JobTime(HelpersWorth &worth, int64_t threads) : worth(worth), threads(threads) { worth.job_begins(); }
  ~JobTime() { worth.job_ends(threads); }
  JobTime(const JobTime &) = delete;

private:
  HelpersWorth &worth;
  int64_t threads;
};

}  // namespace ctorch
