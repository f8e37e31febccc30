/// Raised when D tells all samples from data and G's gradient has vanished against its own past: both, since a sure D
/// alone still teaches a G whose loss does not saturate (Goodfellow et al. 2014, section 3).
package struct DiscriminatorWinsAlarm: Alarm {
  package static let kind = AlarmKind.discriminatorWins

  /// The share of its greatest value so far below which G's gradient has vanished.
  private static let vanished = 0.02
  /// Below this it has vanished whatever it was: a D that is sure from the first step on leaves no greater past.
  private static let nothing = 1e-6
  /// As many first steps give a first value, for a D that wins before a block is over.
  private static let firstSteps = 10
  /// Blocks that must agree.
  private static let blocks = 4

  /// What it has seen so far.
  package struct State: Codable, Sendable, Equatable {
    fileprivate var early: [Double] = []
    fileprivate var gradient = BlockMedians()
    fileprivate var gap = BlockMedians()
    fileprivate var greatest = 0.0
    fileprivate var persistence = Persistence()
  }

  package var state = State()
  private let recipe: AdversarialRecipe

  /// Watches a run of `recipe`.
  package init(_ recipe: AdversarialRecipe) { self.recipe = recipe }

  package mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    guard case .stepped(let step) = event, let norm = step[.gradientGenerator], norm.isFinite,
      let real = step[.scoreReal], let fake = step[.scoreFake]
    else { return nil }
    if state.early.count < Self.firstSteps {
      state.early.append(norm)
      state.greatest = BlockMedians.median(state.early)
    }
    let newestGap = state.gap.take(real - fake)
    guard let newest = state.gradient.take(norm), let newestGap else { return nil }
    state.greatest = max(state.greatest, newest)
    let hasWon = newestGap > sure && newest < max(Self.vanished * state.greatest, Self.nothing)
    guard state.persistence.raises(hasWon, after: Self.blocks) else { return nil }
    let evidence =
      "for \(Self.blocks * BlockMedians.length) steps D(x) has been \(newestGap.shown) above D(G(z)), and G's gradient is "
      + "\(newest.shown), where it was \(state.greatest.shown)"
    return record(step.step, evidence, advice)
  }

  /// How far D's mean score of data lies above that of samples when it is sure of both.
  private var sure: Double {
    switch recipe.objective {
    // Probabilities, and targets that are 1 apart.
    case .minimax, .nonSaturating, .leastSquares: 0.9 * (1 - recipe.labelSmoothing)
    case .hinge: 1.8
    // σ(3) = 0.95 is the probability that the real one of a pair is told.
    case .relativisticPairing, .relativisticAverage: 3
    // No scale but its own; that scores lie in the right order must do.
    case .wasserstein: 0
    }
  }

  private var advice: String {
    var lines: [String] = []
    if recipe.objective == .minimax { lines.append("a game that does not saturate: --set objective=non-saturating") }
    if recipe.criticSteps > 1 && recipe.objective != .wasserstein {
      lines.append("fewer moves of D: --set critic_steps=1")
    }
    lines.append(
      "a slower D: --set discriminator.learning_rate=\((recipe.discriminator.learningRate / 4).shown)")
    return lines.joined(separator: "; or ")
  }
}
