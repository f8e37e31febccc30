import Foundation
import RunLog

/// Raised when a loss or a gradient is far above its running median, when the run had to go back because something was no
/// longer finite, or when the distance to the data has given back most of what training had gained.
public struct DivergenceAlarm: Alarm {
  /// Divergence.
  public static let kind = AlarmKind.divergence

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

  /// What it has seen so far.
  public struct State: Codable, Sendable, Equatable {
    fileprivate var medians: [String: BlockMedians] = [:]
    fileprivate var steps = Persistence()
    fileprivate var first: Double?
    fileprivate var best: Double?
    fileprivate var distance = Persistence()
  }

  /// What it has seen so far.
  public var state = State()
  private let losses: [Scalar]
  private let gradients: [Scalar]
  private let advice: String

  /// Watches these scalars.
  ///
  /// - Parameters:
  ///   - losses: those whose size says something; not one without a zero of its own, as a Wasserstein critic's scores have.
  ///   - advice: what to try.
  public init(losses: [Scalar], gradients: [Scalar], advice: String) {
    (self.losses, self.gradients, self.advice) = (losses, gradients, advice)
  }

  /// Watches every player of `game`.
  public init(_ game: any Game) {
    let rates = game.players.filter { $0.settings.learningRate > 0 }
      .map { "--set \($0.name).learning_rate=\(($0.settings.learningRate / 4).shown)" }
    self.init(
      losses: game.players.map { .loss(of: $0) }, gradients: game.players.map { .gradient(of: $0) },
      advice: "smaller steps: " + rates.joined(separator: " "))
  }

  /// Looks at losses and gradients of steps, at distances of evaluations, and at rollbacks.
  public mutating func observe(_ event: TrainingEvent) -> AlarmRecord? {
    switch event {
    case .stepped(let step): observe(step).map { record(step.step, $0, advice) }
    case .evaluated(let evaluation): observe(evaluation).map { record(evaluation.step, $0, advice) }
    case .rolledBack(let from, _, 1, let reason): record(from, "at step \(from) \(reason)", advice)
    default: nil
    }
  }

  private mutating func observe(_ step: StepRecord) -> String? {
    var signs: [String] = []
    var isEnd = false
    func look(_ scalar: Scalar, _ name: String, _ factor: Double, least: Double) {
      guard let value = step[scalar] else { return }
      let before = state.medians[scalar.name]?.medians ?? []
      guard let newest = state.medians[scalar.name, default: BlockMedians()].take(abs(value)) else { return }
      isEnd = true
      if before.count >= Self.fewestBlocks, newest > factor * max(BlockMedians.median(before), least) {
        signs.append("\(name) is \(newest.shown), where \(BlockMedians.median(before).shown) was usual")
      } else if newest > Self.hopeless {
        signs.append("\(name) is \(newest.shown)")
      }
    }
    for scalar in losses { look(scalar, "\(scalar.title)'s loss", Self.lossFactor, least: 1) }
    for scalar in gradients {
      look(scalar, "\(scalar.title)'s gradient", Self.gradientFactor, least: Self.smallGradient)
    }
    guard isEnd, state.steps.raises(!signs.isEmpty, after: 1) else { return nil }
    return signs.joined(separator: ", ") + " (medians of \(BlockMedians.length) steps)"
  }

  private mutating func observe(_ evaluation: EvaluationRecord) -> String? {
    guard let metric = evaluation.metrics.first(where: { ["fid", "kid", "swd"].contains($0.metric) }),
      metric.value.isFinite, metric.value > 0
    else { return nil }
    let start = state.first ?? metric.value
    let least = min(state.best ?? metric.value, metric.value)
    (state.first, state.best) = (start, least)
    // Half of the way back, as a distance is judged: by its logarithm. Small differences near the floor are no loss.
    let worth = max(least, metric.floor.map { 2 * $0 } ?? 0)
    let isLost = start > 4 * worth && metric.value > 3 * worth && metric.value > (start * worth).squareRoot()
    let deviation = metric.deviation.isFinite ? metric.deviation : 0
    guard state.distance.raises(isLost && metric.value - least > 5 * deviation, after: Self.evaluations) else {
      return nil
    }
    return "\(metric.metric) rose to \(metric.value.shown) after a best of \(least.shown), in \(Self.evaluations) "
      + "evaluations running"
  }
}

extension Double {
  /// The number in three digits, as a setting or as evidence.
  package var shown: String { String(format: "%.3g", self) }
}
