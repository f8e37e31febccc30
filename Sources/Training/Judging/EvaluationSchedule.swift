/// When evaluations come.
package enum EvaluationSchedule: Sendable, Equatable {
  case never
  /// Every so many steps, and at the end.
  case every(Int)
  /// Whenever all evaluations, those at the end included, stay within ``JudgingSettings/share`` of the training time;
  /// at the end whatever it costs, where somebody asked for evaluations or for what only they can tell.
  case affordable(isAskedFor: Bool)

  /// Where nothing is known yet, an evaluation is taken to cost this many seconds.
  private static let firstGuess = 3.0
  /// Steps between which an evaluation is not considered, so that it is not asked for at odd ones.
  private static let grain = 100

  package init(_ settings: JudgingSettings, _ limits: Limits = Limits()) {
    self =
      settings.every.map { $0 == 0 ? .never : .every($0) }
      ?? .affordable(isAskedFor: settings.isAskedFor(limits))
  }

  /// Whether an evaluation is due after `step`, or, `atEnd`, after the last one.
  ///
  /// - Parameter evaluations: how many there would be at the end.
  package func isDue(
    step: Int, trainingSeconds: Double, history: EvaluationHistory, atEnd: Bool, evaluations: Int = 1
  ) -> Bool {
    guard step > 0, history.lastStep != step else { return false }
    switch self {
    case .never: return false
    case .every(let steps): return atEnd || step % steps == 0
    case .affordable(let isAskedFor):
      if atEnd && isAskedFor { return true }
      let cost = history.lastCost ?? Self.firstGuess
      let reserved = Double(atEnd ? evaluations : 1 + evaluations) * cost
      return (atEnd || step % Self.grain == 0)
        && history.totalCost + reserved <= JudgingSettings.share * trainingSeconds
    }
  }
}
