import Glibc
import RunLog
import Synchronization

/// What the process was asked by signals, for a run to act on between two steps.
///
/// SIGINT and SIGTERM end the run after its step, saved; the second of them ends the process at once, which leaves the
/// last checkpoint as it is. SIGUSR1 saves and goes on.
enum Signals {
  private static let stopSignal = Atomic<Int32>(0)
  private static let saveRequested = Atomic<Bool>(false)

  static func install() {
    // What a handler touches must have been set up before: it may interrupt anything.
    stopSignal.store(0, ordering: .relaxed)
    saveRequested.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if !Signals.stopSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged {
          _exit(128 + number)
        }
      }
    }
    signal(SIGUSR1) { _ in Signals.saveRequested.store(true, ordering: .relaxed) }
    // A reader that goes away shows as a failed write, which can be answered; the signal would end the run unsaved.
    signal(SIGPIPE, SIG_IGN)
  }

  /// What the signals since the last call ask of the run.
  static func response() -> TrainingResponse {
    let number = stopSignal.load(ordering: .relaxed)
    if number != 0 { return .stop(.signal(number)) }
    return saveRequested.exchange(false, ordering: .relaxed) ? .checkpoint : .continue
  }
}
