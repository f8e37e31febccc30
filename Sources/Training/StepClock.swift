/// A part of a training step, by the name that people read. A game names its own and ends each with ``Turn/lap(_:)``.
public struct StepPart: Hashable, Sendable {
  /// What people read.
  public let name: String

  /// The part called `name`.
  public init(_ name: String) { self.name = name }

  /// Taking the gradient of a player's loss.
  package static func backward(_ player: Player) -> StepPart { StepPart("backward for \(player.symbol)") }
  /// Checks, clipping and the optimizers' steps.
  package static let moves = StepPart("moves")
  /// Running means.
  package static let average = StepPart("average")
}

/// Tells what the parts of a training step take: each ``lap(_:)`` ends a part that began with the one before.
package final class StepClock {
  private var last = ContinuousClock.now
  private var laps: [StepPart: Duration] = [:]
  /// The parts that had a lap, in the order of their first.
  package private(set) var parts: [StepPart] = []

  /// A clock that runs.
  package init() {}

  /// Begins anew.
  package func restart() { (laps, last) = ([:], .now) }

  /// Counts the time since the last lap to `part`.
  package func lap(_ part: StepPart) {
    let now = ContinuousClock.now
    if laps[part] == nil && !parts.contains(part) { parts.append(part) }
    laps[part, default: .zero] += now - last
    last = now
  }

  /// The seconds counted to `part`.
  package func seconds(_ part: StepPart) -> Double { laps[part, default: .zero] / .seconds(1) }
}
