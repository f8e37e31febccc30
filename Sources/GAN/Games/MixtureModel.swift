import Foundation

/// A mixture of Gaussians that is fitted by expectation maximisation (Dempster, Laird and Rubin 1977): a game of one
/// player that has no network, no loss and no gradient.
///
/// The E-step finds how much each component answers for each point; the M-step gives the parameters by which the points
/// are then most likely. Of batches the moments are averaged over the steps, s ← s + γₙ (s(batch) − s) with γₙ = n^(−α)
/// at step n = 1, 2, … (online EM, Cappé and Moulines 2009, arXiv:0712.4273). With α = 0 a step knows
/// its own batch alone: with a batch of all data that is EM itself, whose likelihood never falls. Parts of an
/// accumulated batch are one batch.
public final class MixtureModel: Game {
  /// The rules.
  public let recipe: MixtureRecipe
  /// The model as it stands.
  public let mixture: GaussianMixture
  /// The one that moves.
  public let player: Player
  private let average: MixtureMoments
  /// Those of this step's batch so far.
  private var found: MixtureMoments?

  /// A game at its beginning: components around points of `data` that lie apart from each other, drawn by `seed`.
  ///
  /// - Parameter device: where it is played.
  /// - Throws: ``TrainingError`` when a setting is out of range, or the data are no points in the plane.
  public init(_ recipe: MixtureRecipe, data: Dataset, seed: UInt64, device: Device = .cpu) throws {
    try recipe.validate()
    try recipe.validate(for: data)
    let mixture = GaussianMixture(components: recipe.components, device: device)
    try withTorchErrors {
      let beginning = GaussianMixture(components: recipe.components)
      let points = try data.samples(0..<min(data.count, Self.mostSeeds)).flattened().to(.float64)
      beginning.begin(at: points, floor: recipe.covarianceFloor, seed: derivedSeed(seed, Purpose("mixture").rawValue))
      try mixture.state.copy(from: beginning.state)
    }
    // It moves to values, not along gradients: an optimizer that remembers nothing.
    var settings = PlayerSettings()
    (settings.optimizer, settings.learningRate) = (.sgd, 0)
    player = Player("mixture", mixture, settings)
    (self.recipe, self.mixture) = (recipe, mixture)
    average = withoutGradient {
      MixtureMoments(mixture.weights.zerosLike(), mixture.means.zerosLike(), mixture.covariances.zerosLike())
    }
  }

  /// Points among which the components begin.
  private static let mostSeeds = 10_000

  /// The mixture.
  public var players: [Player] { [player] }
  /// The mixture as a model that draws points.
  public var product: any Model { mixture }
  /// The moments averaged over the steps.
  public var memory: [(name: String, tensor: Tensor)] {
    zip(["responsibilities", "points", "products"], average.tensors).map { ("moments.\($0)", $1) }
  }
  /// The mean log likelihood of the batch, before the step.
  public var scalars: [Scalar] { [.logLikelihood] }
  /// Whether the distance to the data grows again.
  public var alarms: [any Alarm] {
    [
      DivergenceAlarm(
        losses: [], gradients: [], advice: "a steadier average: --set step_exponent=0.8, or a larger --batch")
    ]
  }

  /// One phase: an E-step over the parts of the batch, and an M-step.
  public func phases(at step: Int) -> [Phase] {
    [Phase("em", moves: [player]) { [unowned self] turn in .values(values(turn).map { [(player, $0)] } ?? []) }]
  }

  /// The new parameters once the last part has been seen.
  private func values(_ turn: Turn) -> [Tensor]? {
    withoutGradient {
      let points = turn.batch[.images].tensor.flattened().to(.float64)
      let (moments, logLikelihood) = mixture.expectation(points)
      turn.report(.logLikelihood, logLikelihood)
      let batch = turn.part == 0 ? moments : found?.moved(toward: moments, weight: 1 / Double(turn.part + 1)) ?? moments
      found = turn.part < turn.parts - 1 ? batch : nil
      guard found == nil else { return nil }
      let moved = average.moved(toward: batch, weight: pow(Double(turn.step + 1), -recipe.stepExponent))
      average.tensors.copy(from: moved.tensors)
      return mixture.maximisation(moved, floor: recipe.covarianceFloor)
    }
  }
}

extension Scalar {
  /// The mean of log p(x).
  public static let logLikelihood = Scalar(
    "log_likelihood", title: "log p(x)", unit: "nats", group: Group(title: "Mean log likelihood", label: ""))
}

extension GaussianMixture {
  /// Begins around points that lie apart from each other, each component with the points nearest to it: k-means++
  /// (Arthur and Vassilvitskii 2007), of several candidates for each place the one that leaves the least sum of squared
  /// distances.
  ///
  /// - Parameters:
  ///   - points: `[N, D]`.
  ///   - floor: as in ``maximisation(_:floor:)``.
  func begin(at points: Tensor, floor: Double, seed: UInt64) {
    withoutGradient {
      let random = RandomGenerator(seed: seed)
      // Squared distances `[candidates, N]` of points to some of them.
      func distances(_ places: Tensor) -> Tensor {
        (points.rows(places).reshaped(places.count, 1, -1) - points.reshaped(1, points.size(0), -1)).squared().sum(
          axes: [2])
      }
      let first = Tensor.empty([1], dtype: .int64)
      first.fillRandom(0..<points.size(0), using: random)
      var all = [distances(first)]
      var nearest = all[0]
      let candidates = 2 + Int(log(Double(components)))
      for _ in 1..<max(components, 1) {
        let drawn = Tensor.empty([candidates], dtype: .float64)
        drawn.fillUniform(0, 1, using: random)
        let sums = cumulative(.tensor(nearest.reshaped(-1)), .int(0))
        let places = search(.tensor(sums), .tensor(drawn * sums[sums.count - 1])).clamped(0, Double(points.size(0) - 1))
          .to(.int64)
        let offered = distances(places)
        let remaining = least(.tensor(offered), .tensor(nearest))
        let left = remaining.sum(axes: [1]).array(of: Double.self)
        let best = left.indices.min { left[$0] < left[$1] } ?? 0
        all.append(offered[best..<best + 1])
        nearest = remaining[best..<best + 1]
      }
      let owners = smallest(.tensor(.concatenated(all)), .int(0))
      let responsibilities = Classes.oneHot(owners, components, dtype: .float64).transposed()
      let values = maximisation(MixtureMoments(of: points, responsibilities), floor: floor)
      for (parameter, value) in zip(state.parameters, values) { parameter.copy(from: value) }
    }
  }
}

private let cumulative = Operation("aten::cumsum")
private let search = Operation("aten::searchsorted", "Tensor")
private let least = Operation("aten::minimum")
private let smallest = Operation("aten::argmin")
