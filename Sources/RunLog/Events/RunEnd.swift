/// Where and why a run ended.
public struct RunEnd: Sendable, Equatable {
  /// Steps done since the run's beginning.
  public var step: Int
  /// Training samples seen since the run's beginning.
  public var samples: Int
  /// Training time since the run's beginning, in seconds.
  public var seconds: Double
  /// Why the run ended.
  public var reason: StopReason

  /// An end given by its parts.
  public init(step: Int, samples: Int, seconds: Double, reason: StopReason) {
    self.step = step
    self.samples = samples
    self.seconds = seconds
    self.reason = reason
  }
}

/// Why a run ended.
public enum StopReason: Sendable, Equatable {
  /// A limit of steps, images or time was reached.
  case completed
  /// What was asked for was reached before the limits, as said in the text.
  case reached(String)
  /// An observer answered ``TrainingResponse/stop(_:)``.
  case stoppedByObserver
  /// A signal of this number asked the process to end.
  case signal(Int32)
  /// A guard gave up, for the reason given.
  case guardTripped(String)
  /// What was asked for was not reached, as said in the text.
  case unmet(String)

  /// The exit status of a command that ends for this reason: 0 done, 3 short of what was asked, 128 + n after signal n.
  public var exitStatus: Int32 {
    switch self {
    case .completed, .reached, .stoppedByObserver: 0
    case .signal(let number): 128 + number
    case .guardTripped, .unmet: 3
    }
  }
}

extension StopReason: CustomStringConvertible {
  /// The reason in words, as in "completed" or "stopped by signal 15".
  public var description: String {
    switch self {
    case .completed: "completed"
    case .reached(let what): "reached what was asked: \(what)"
    case .stoppedByObserver: "stopped on request"
    case .signal(let number): "stopped by signal \(number)"
    case .guardTripped(let reason): "stopped by a guard: \(reason)"
    case .unmet(let reason): "ended short of what was asked: \(reason)"
    }
  }
}
