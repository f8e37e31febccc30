/// Watches a run for one way of going wrong. It sees the run's events and nothing else, so that it can be tried on recorded
/// ones; a checkpoint holds its state.
package protocol Alarm: Sendable, Codable, Equatable {
  /// What it watches for.
  static var kind: AlarmKind { get }

  /// Takes note of an event.
  ///
  /// - Parameter recipe: what is played; the advice changes its settings.
  /// - Returns: the evidence and what to try, once when things have gone wrong; then again only after they were well.
  mutating func observe(_ event: TrainingEvent, playing recipe: Recipe) -> AlarmRecord?
}

extension Alarm {
  func record(_ step: Int, _ evidence: String, _ advice: String) -> AlarmRecord {
    AlarmRecord(step: step, kind: Self.kind.rawValue, evidence: evidence, advice: advice)
  }
}

extension Recipe {
  /// Advice to make these changes, and why; `nil` where the recipe could not be played with them.
  func advice(_ why: String, _ changes: [(key: String, value: String)]) -> String? {
    var changed = self
    do {
      for (key, value) in changes { try changed.set(key, value) }
      try changed.validate()
    } catch { return nil }
    return "\(why): " + changes.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

/// All alarms of a run.
package struct Alarms: Sendable, Codable, Equatable {
  private var divergence = DivergenceAlarm()
  private var collapse = CollapseAlarm()
  private var discriminatorWins = DiscriminatorWinsAlarm()
  private var discriminatorLoses = DiscriminatorLosesAlarm()
  private var memorisation = MemorisationAlarm()

  /// The alarms of a run that begins.
  package init() {}

  /// Takes note of an event; returns the alarms that it raises.
  package mutating func observe(_ event: TrainingEvent, playing recipe: Recipe) -> [AlarmRecord] {
    [
      divergence.observe(event, playing: recipe), collapse.observe(event, playing: recipe),
      discriminatorWins.observe(event, playing: recipe), discriminatorLoses.observe(event, playing: recipe),
      memorisation.observe(event, playing: recipe),
    ].compactMap { $0 }
  }
}

/// Makes one alarm of a sign that lasts: it is raised when the sign was there so many times running, and can be raised
/// again only after it was absent as often.
struct Persistence: Sendable, Codable, Equatable {
  private var present = 0
  private var absent = 0
  private var isRaised = false

  /// Takes note of whether the sign is there; says whether this raises the alarm.
  mutating func raises(_ isThere: Bool, after times: Int) -> Bool {
    (present, absent) = isThere ? (present + 1, 0) : (0, absent + 1)
    if isRaised {
      isRaised = absent < times
      return false
    }
    isRaised = present >= times
    return isRaised
  }
}
