/// A part of a training step; the raw value is what people read.
package enum StepPart: String, Sendable, CaseIterable {
  case realImages = "real images"
  case generatorForward = "G forward"
  case discriminatorForward = "D forward"
  /// Losses, penalties, and the scores that a run shows.
  case losses
  case discriminatorBackward = "backward for D"
  case generatorBackward = "backward for G"
  /// Checks, clipping and the optimizers' steps.
  case moves
  case average
}

/// Tells what the parts of a training step take: each ``lap(_:)`` ends a part that began with the one before.
package final class StepClock {
  private var last = ContinuousClock.now
  private var laps: [StepPart: Duration] = [:]

  /// A clock that runs.
  package init() {}

  /// Begins anew.
  package func restart() { (laps, last) = ([:], .now) }

  /// Counts the time since the last lap to `part`.
  package func lap(_ part: StepPart) {
    let now = ContinuousClock.now
    laps[part, default: .zero] += now - last
    last = now
  }

  /// The seconds counted to `part`.
  package func seconds(_ part: StepPart) -> Double { laps[part, default: .zero] / .seconds(1) }
}
