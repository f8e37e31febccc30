/// Raised when the samples' variety falls away against its best, or stays near nothing while single samples look right:
/// coverage, recall, diversity, modes and the histogram of classes tell.
package struct CollapseAlarm: Alarm {
  package static let kind = AlarmKind.collapse
  package static let metrics: [Metric] = [.recall, .coverage]

  /// What measures variety, and the value from which on it has been there. Recall alone does not show that variety never
  /// was: it is near nothing too where samples are many and close to few data (Naeem et al. 2020, section 3).
  private static let varieties: [(metric: String, established: Double)] = [
    ("coverage", 0.2), ("recall", 0.2), ("diversity", 0.2), ("modes", 3),
  ]
  /// Below this share of its best, variety has fallen away.
  private static let fallen = 0.4
  /// Below this share of what held-out data reach, variety is near nothing.
  private static let poor = 0.25
  /// From this share of right samples on, a generator has learned what to make.
  private static let skilled = 0.4
  /// From this share of right samples on, their coverage can be judged by it: where training goes well it is from the first
  /// at least a sixth of the share, and below this part of it right samples are all in a few places.
  private static let begun = 0.05
  private static let narrow = 0.05
  /// The divergence of classes, in nats and beyond what held-out data have, at which most of them are missing: that of
  /// samples from two of five equally frequent classes.
  private static let missingClasses = 0.9
  /// Evaluations that must agree.
  private static let evaluations = 3

  /// What it has seen so far.
  package struct State: Codable, Sendable, Equatable {
    fileprivate var best: [String: Double] = [:]
    fileprivate var persistence = Persistence()
  }

  package var state = State()
  private let recipe: AdversarialRecipe

  /// Watches a run of `recipe`.
  package init(_ recipe: AdversarialRecipe) { self.recipe = recipe }

  package mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    guard case .evaluated(let evaluation) = event else { return nil }
    let signs = signs(of: evaluation)
    for metric in evaluation.metrics where metric.value.isFinite {
      state.best[metric.metric] = max(state.best[metric.metric] ?? metric.value, metric.value)
    }
    guard state.persistence.raises(!signs.isEmpty, after: Self.evaluations) else { return nil }
    let evidence = signs.joined(separator: ", ") + ", in \(Self.evaluations) evaluations running"
    return record(evaluation.step, evidence, advice)
  }

  private func signs(of evaluation: EvaluationRecord) -> [String] {
    func metric(_ name: String) -> MetricRecord? {
      evaluation.metrics.first { $0.metric == name && $0.value.isFinite }
    }
    let right = metric("precision") ?? metric("quality")
    let isSkilled = right.map { $0.value >= Self.skilled } ?? false
    let skill = right.map { ", while \($0.metric) is \($0.value.shown)" } ?? ""
    var signs: [String] = []
    for (name, established) in Self.varieties {
      guard let now = metric(name) else { continue }
      let deviation = now.deviation.isFinite ? now.deviation : 0
      if let best = state.best[name], best >= established, now.value < Self.fallen * best,
        best - now.value > 3 * deviation
      {
        signs.append("\(name) fell from \(best.shown) to \(now.value.shown)")
      } else if isSkilled, name != "recall", let floor = now.floor, now.value < Self.poor * floor {
        signs.append("\(name) is \(now.value.shown), where held-out data have \(floor.shown)\(skill)")
      }
    }
    if signs.isEmpty, let right, right.value >= Self.begun, let coverage = metric("coverage"),
      coverage.value < Self.narrow * right.value
    {
      signs.append("coverage is \(coverage.value.shown)\(skill)")
    }
    if isSkilled, let classes = metric("class-kl"), classes.value > (classes.floor ?? 0) + Self.missingClasses {
      signs.append("class-kl is \(classes.value.shown)\(skill)")
    }
    return signs
  }

  private var advice: String {
    var lines: [String?] = []
    if recipe.objective == .minimax {
      lines.append(recipe.advice("a game that does not saturate", [("objective", "non-saturating")]))
    }
    if !recipe.minibatchDeviation {
      lines.append(recipe.advice("a D that sees how much a batch differs", [("minibatch_deviation", "true")]))
    }
    if recipe.packing == 1 { lines.append(recipe.advice("a D that judges pairs", [("packing", "2")])) }
    if !recipe.objective.isRelativistic && recipe.objective != .wasserstein {
      let why = "a game that holds each real picture against a generated one"
      lines.append(recipe.advice(why, [("objective", "relativistic-pairing")]))
    }
    lines.append("larger batches, by which D sees variety: --batch \(recipe.batch * 2)")
    lines.append("a slower G: --set generator.learning_rate=\((recipe.generator.learningRate / 2).shown)")
    return lines.compactMap { $0 }.joined(separator: "; or ")
  }
}
