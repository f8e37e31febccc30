/// Raised when good samples lie nearer to training data than chance explains: the generator copies. Poor ones are near to
/// nothing, and lie all the same side by chance where they are all alike.
package struct MemorisationAlarm: Alarm {
  package static let kind = AlarmKind.memorisation
  package static let metrics: [Metric] = [.memorisation]

  /// The score from which on samples are copies in part: 0 is chance, 1 are copies.
  private static let threshold = 0.2
  /// By so many deviations the score must lie above it.
  private static let deviations = 3.0
  /// From this precision on samples are good enough to be copies.
  private static let good = 0.3
  /// Evaluations that must agree.
  private static let evaluations = 2

  /// What it has seen so far.
  package struct State: Codable, Sendable, Equatable {
    fileprivate var persistence = Persistence()
  }

  package var state = State()
  private let recipe: AdversarialRecipe

  /// Watches a run of `recipe`.
  package init(_ recipe: AdversarialRecipe) { self.recipe = recipe }

  package mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    guard case .evaluated(let evaluation) = event,
      let metric = evaluation.metrics.first(where: { $0.metric == "memorisation" }), metric.value.isFinite
    else { return nil }
    // Without a deviation all samples are as one, which says nothing.
    let deviation = metric.deviation.isFinite ? metric.deviation : .infinity
    let precision = evaluation.metrics.first { $0.metric == "precision" }?.value ?? 1
    let isCopying = metric.value - Self.deviations * deviation > Self.threshold && precision >= Self.good
    guard state.persistence.raises(isCopying, after: Self.evaluations) else { return nil }
    let evidence =
      "memorisation is \(metric.value.shown) ± \(deviation.shown), where chance gives 0 and copies 1; nearest.png shows the "
      + "pairs"
    return record(evaluation.step, evidence, advice)
  }

  private var advice: String {
    var lines: [String?] = ["more training data", "fewer steps: best.safetensors is the best generator so far"]
    // A fully connected network may draw points, which cannot be moved.
    if recipe.augment.isEmpty && recipe.network != .mlp {
      let why = "pictures that change from one time to the next"
      lines.append(recipe.advice(why, [("augment", "translation,cutout")]))
    }
    if recipe.baseWidth > 1 { lines.append("smaller networks: --set base_width=\((recipe.baseWidth + 1) / 2)") }
    if recipe.opponent.hasDropout && recipe.dropout < 0.5 { lines.append("--set dropout=0.5") }
    return lines.compactMap { $0 }.joined(separator: "; or ")
  }
}
