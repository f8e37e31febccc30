import Foundation
import Synchronization

/// Counts the time in which this process could run. A run that may take an hour means an hour of training: the night in
/// which the laptop slept, or the ten minutes between Ctrl-Z and `fg`, are none of it; waiting for a busy machine is.
///
/// A process cannot see that it is stopped (SIGSTOP, a debugger, a frozen container, a virtual machine that is paused), and
/// the system tells nobody how long it was. But while it is stopped none of its threads runs. So a thread does nothing but
/// wake up every tenth of a second, and no time between two wakings counts for more than a second. On a busy machine
/// the thread wakes late and by much less than that, since the scheduler prefers threads that sleep; so all of it counts.
/// The clock beneath is `CLOCK_MONOTONIC`, which on Linux stands still while the system sleeps.
package final class RunningClock: Sendable {
  /// What counts of the time between two readings, at most, in seconds.
  private static let mostBetweenReadings = 1.0
  /// Seconds between two wakings.
  private static let beat = 0.1

  private struct State {
    var last: Double
    var counted = 0.0
  }

  private let now: @Sendable () -> Double
  private let state: Mutex<State>

  /// A clock that reads the time in seconds from `now` and counts on at each ``seconds``; no thread reads it meanwhile.
  package init(reading now: @escaping @Sendable () -> Double) {
    self.now = now
    state = Mutex(State(last: now()))
  }

  /// A clock of this process, with its thread, which ends with it.
  package convenience init() {
    self.init {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    Thread.detachNewThread { [weak self] in
      while true {
        Thread.sleep(forTimeInterval: Self.beat)
        guard let self else { return }
        _ = self.seconds
      }
    }
  }

  /// The seconds counted since the clock was made.
  package var seconds: Double {
    state.withLock { state in
      let now = now()
      state.counted += min(max(now - state.last, 0), Self.mostBetweenReadings)
      state.last = now
      return state.counted
    }
  }
}

/// The time a step takes, lately: a running mean over some twenty steps.
struct Pace {
  private(set) var secondsPerStep = 0.0

  mutating func add(_ seconds: Double) {
    secondsPerStep = secondsPerStep == 0 ? seconds : secondsPerStep * 0.95 + seconds * 0.05
  }
}
