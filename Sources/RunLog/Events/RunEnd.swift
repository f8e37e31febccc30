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
  /// The goal was reached before the limits, as the text says.
  case reached(String)
  /// An observer answered ``TrainingResponse/stop(_:)``.
  case stoppedByObserver
  /// A signal of this number asked the process to end.
  case signal(Int32)
  /// A guard gave up, as the text says.
  case guardTripped(String)
  /// The run ended without doing what was asked, as the text says.
  case unmet(String)

  /// The exit status of a command that ends for this reason: 0 if done, 3 if stopped short, 128 + n after signal n.
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
    case .reached(let what): "goal reached: \(what)"
    case .stoppedByObserver: "stopped on request"
    case .signal(let number): "stopped by signal \(number)"
    case .guardTripped(let reason): "stopped by a guard: \(reason)"
    case .unmet(let reason): "stopped short: \(reason)"
    }
  }
}
