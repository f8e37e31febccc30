import Foundation

/// Raised when a loss or G's gradient is far above its running median, when the run had to go back because something was no
/// longer finite, or when the distance to the data has given back most of what training had gained.
package struct DivergenceAlarm: Alarm {
  package static let kind = AlarmKind.divergence

  /// So many times its running median, and at the least one, a loss has exploded.
  private static let lossFactor = 100.0
  /// The same of the gradient, which often rises a hundredfold while training finds its way.
  private static let gradientFactor = 1000.0
  /// A loss above this has exploded whatever was usual: games that do so at once know nothing else.
  private static let hopeless = 1e6
  /// A gradient below this is small however much it has grown.
  private static let smallGradient = 0.01
  /// Blocks before anything is usual.
  private static let fewestBlocks = 4
  /// Evaluations that must agree.
  private static let evaluations = 3

  private var lossDiscriminator = BlockMedians()
  private var lossGenerator = BlockMedians()
  private var gradient = BlockMedians()
  private var steps = Persistence()
  private var first: Double?
  private var best: Double?
  private var distance = Persistence()

  package init() {}

  package mutating func observe(_ event: TrainingEvent, playing recipe: Recipe) -> AlarmRecord? {
    switch event {
    case .stepped(let step): observe(step, recipe).map { record(step.step, $0, Self.advice(recipe)) }
    case .evaluated(let evaluation): observe(evaluation).map { record(evaluation.step, $0, Self.advice(recipe)) }
    case .rolledBack(let from, _, 1, let reason): record(from, "at step \(from) \(reason)", Self.advice(recipe))
    default: nil
    }
  }

  private mutating func observe(_ step: StepRecord, _ recipe: Recipe) -> String? {
    var signs: [String] = []
    func look(_ name: String, _ blocks: inout BlockMedians, _ value: Double, _ factor: Double, least: Double) -> Bool {
      let before = blocks.medians
      guard let newest = blocks.take(abs(value)) else { return false }
      if before.count >= Self.fewestBlocks, newest > factor * max(BlockMedians.median(before), least) {
        signs.append("\(name) is \(newest.shown), where \(BlockMedians.median(before).shown) was usual")
      } else if newest > Self.hopeless {
        signs.append("\(name) is \(newest.shown)")
      }
      return true
    }
    guard let loss = step[.lossDiscriminator] else { return nil }
    let isEnd = look("D's loss", &lossDiscriminator, loss, Self.lossFactor, least: 1)
    // A Wasserstein critic's scores have no zero, and G's loss drifts with them.
    if recipe.objective != .wasserstein, let loss = step[.lossGenerator] {
      _ = look("G's loss", &lossGenerator, loss, Self.lossFactor, least: 1)
    }
    if let norm = step[.gradientGenerator] {
      _ = look("G's gradient", &gradient, norm, Self.gradientFactor, least: Self.smallGradient)
    }
    guard isEnd, steps.raises(!signs.isEmpty, after: 1) else { return nil }
    return signs.joined(separator: ", ") + " (medians of \(BlockMedians.length) steps)"
  }

  private mutating func observe(_ evaluation: EvaluationRecord) -> String? {
    guard let metric = evaluation.metrics.first(where: { ["fid", "kid", "swd"].contains($0.metric) }),
      metric.value.isFinite, metric.value > 0
    else { return nil }
    let start = first ?? metric.value
    let least = min(best ?? metric.value, metric.value)
    (first, best) = (start, least)
    // Half of the way back, as a distance is judged: by its logarithm. Small differences near the floor are no loss.
    let worth = max(least, metric.floor.map { 2 * $0 } ?? 0)
    let isLost = start > 4 * worth && metric.value > 3 * worth && metric.value > (start * worth).squareRoot()
    let deviation = metric.deviation.isFinite ? metric.deviation : 0
    guard distance.raises(isLost && metric.value - least > 5 * deviation, after: Self.evaluations) else { return nil }
    return "\(metric.metric) rose to \(metric.value.shown) after a best of \(least.shown), in \(Self.evaluations) "
      + "evaluations running"
  }

  private static func advice(_ recipe: Recipe) -> String {
    let (g, d) = (recipe.generator, recipe.discriminator)
    var lines: [String?] = [
      "smaller steps: --set generator.learning_rate=\((g.learningRate / 4).shown) "
        + "--set discriminator.learning_rate=\((d.learningRate / 4).shown)"
    ]
    if recipe.objective == .wasserstein && recipe.penalties.gradientPenalty != 10 {
      lines.append(recipe.advice("a Lipschitz critic", [("weight_clip", "0"), ("gradient_penalty", "10")]))
    }
    if g.clipValue == 0 && g.clipNorm == 0 && d.clipValue == 0 && d.clipNorm == 0 {
      lines.append("limited gradients: --set generator.clip_norm=1 --set discriminator.clip_norm=1")
    }
    return lines.compactMap { $0 }.joined(separator: "; or ")
  }
}

extension Double {
  /// The number in three digits, as a setting or as evidence.
  var shown: String { String(format: "%.3g", self) }
}
