/// Raised when D cannot tell samples from data although an evaluation can, and they come no nearer: what D says then teaches G
/// nothing.
package struct DiscriminatorLosesAlarm: Alarm {
  package static let kind = AlarmKind.discriminatorLoses

  /// No further above those of samples, D's mean scores of data do not tell them apart, if they are not the wrong way round:
  /// of probabilities, and of raw scores where the objective aims at values that are 1 or 2 apart.
  private static let same = 0.05
  /// So many times what held-out data reach is far from the data.
  private static let far = 4.0
  /// Where nothing is known of held-out data: below this coverage, samples are far from the data.
  private static let uncovered = 0.1
  /// A distance that is still above this share of the first has not improved.
  private static let unimproved = 0.7
  /// One that is still above this share of the best before does not improve any more: a run whose first evaluation comes late
  /// may have done most of its way by then.
  private static let standing = 0.95
  /// Evaluations that must agree.
  private static let evaluations = 3

  /// What it has seen so far.
  package struct State: Codable, Sendable, Equatable {
    fileprivate var gap = BlockMedians()
    fileprivate var greatestGap = 0.0
    fileprivate var first: [String: Double] = [:]
    fileprivate var best: [String: Double] = [:]
    fileprivate var persistence = Persistence()
  }

  package var state = State()
  private let recipe: AdversarialRecipe

  /// Watches a run of `recipe`.
  package init(_ recipe: AdversarialRecipe) { self.recipe = recipe }

  package mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    switch event {
    case .stepped(let step):
      guard let real = step[.scoreReal], let fake = step[.scoreFake] else { return nil }
      if let newest = state.gap.take(real - fake) { state.greatestGap = max(state.greatestGap, abs(newest)) }
      return nil
    case .evaluated(let evaluation):
      let evidence = evidence(evaluation)
      guard state.persistence.raises(evidence != nil, after: Self.evaluations), let evidence else { return nil }
      return record(evaluation.step, evidence, advice)
    default: return nil
    }
  }

  private mutating func evidence(_ evaluation: EvaluationRecord) -> String? {
    guard let distance = evaluation.metrics.first(where: { ["fid", "kid", "swd"].contains($0.metric) }),
      distance.value.isFinite
    else { return nil }
    let start = state.first[distance.metric] ?? distance.value
    state.first[distance.metric] = start
    let bestBefore = state.best[distance.metric] ?? distance.value
    state.best[distance.metric] = min(bestBefore, distance.value)
    let newest = state.gap.medians.suffix(8)
    guard newest.count == 8, distance.value > Self.unimproved * start, distance.value > Self.standing * bestBefore
    else {
      return nil
    }
    // The scores of a Wasserstein critic, and relativistic ones, have no scale but their own.
    let limit =
      recipe.objective == .wasserstein || recipe.objective.isRelativistic ? Self.same * state.greatestGap : Self.same
    guard let widest = newest.max(), widest <= limit, let why = whyFar(evaluation, distance) else { return nil }
    return "for \(8 * BlockMedians.length) steps D(x) has been at most \(widest.shown) above D(G(z)), although " + why
  }

  private func whyFar(_ evaluation: EvaluationRecord, _ distance: MetricRecord) -> String? {
    if let floor = distance.floor {
      // A floor can be 0 or less, as kid's.
      let resolved = distance.deviation.isFinite ? max(floor, 3 * distance.deviation) : floor
      guard distance.value > Self.far * resolved else { return nil }
      return "\(distance.metric) is \(distance.value.shown), where held-out data have \(floor.shown)"
    }
    guard let coverage = evaluation.metrics.first(where: { $0.metric == "coverage" }), coverage.value < Self.uncovered
    else { return nil }
    return "\(distance.metric) is \(distance.value.shown) and coverage \(coverage.value.shown)"
  }

  private var advice: String {
    let rate = max(4 * recipe.discriminator.learningRate, recipe.generator.learningRate)
    var lines = ["a faster D: --set discriminator.learning_rate=\(rate.shown)"]
    if recipe.update == .alternating { lines.append("more moves of D: --set critic_steps=\(recipe.criticSteps + 1)") }
    if recipe.penalties.weightClip > 0 {
      lines.append("a wider limit of its weights: --set weight_clip=\((10 * recipe.penalties.weightClip).shown)")
    }
    return lines.joined(separator: "; or ")
  }
}
