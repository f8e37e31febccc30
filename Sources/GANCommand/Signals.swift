import Glibc
import RunLog
import Synchronization

/// Signals that the process received, for a run to act on between two steps.
///
/// SIGINT, SIGTERM and SIGHUP end the run after its step, saved; a second SIGINT or SIGTERM ends the process at once, which
/// leaves the last checkpoint as it is. A terminal that is closed sends SIGHUP more than once, so that none of them counts as
/// a second demand. SIGUSR1 saves, and the run continues.
///
/// Where SIGINT or SIGHUP was ignored when the process began, it stays ignored: whoever started it with `nohup`, or with `&`
/// in a script, wants the run to outlive the terminal and its Ctrl-C.
enum Signals {
  private static let stopSignal = Atomic<Int32>(0)
  private static let isDemanded = Atomic<Bool>(false)
  private static let saveRequested = Atomic<Bool>(false)

  static func install() {
    // What a handler touches must have been set up before: it may interrupt anything.
    stopSignal.store(0, ordering: .relaxed)
    isDemanded.store(false, ordering: .relaxed)
    saveRequested.store(false, ordering: .relaxed)
    var answered = sigset_t()
    sigemptyset(&answered)
    for number in [SIGINT, SIGTERM, SIGHUP] where number == SIGTERM || !isIgnored(number) {
      signal(number) { Signals.stop($0) }
      sigaddset(&answered, number)
    }
    signal(SIGUSR1) { _ in Signals.saveRequested.store(true, ordering: .relaxed) }
    sigaddset(&answered, SIGUSR1)
    // Whoever started the process may have left them blocked, as a thread of a dispatch queue does.
    pthread_sigmask(SIG_UNBLOCK, &answered, nil)
    // A reader that goes away shows as a failed write, which can be answered; the signal would end the run unsaved.
    signal(SIGPIPE, SIG_IGN)
  }

  /// What the signals since the last call ask of the run.
  static func response() -> TrainingResponse {
    let number = stopSignal.load(ordering: .relaxed)
    if number != 0 { return .stop(.signal(number)) }
    return saveRequested.exchange(false, ordering: .relaxed) ? .checkpoint : .continue
  }

  private static func stop(_ number: Int32) {
    _ = stopSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    guard number != SIGHUP else { return }
    if isDemanded.exchange(true, ordering: .relaxed) { _exit(128 + number) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var current = sigaction()
    sigaction(number, nil, &current)
    let handler = unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
