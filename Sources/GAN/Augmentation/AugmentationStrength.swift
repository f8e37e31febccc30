/// The probability of augmentation: a constant, or one that follows how surely D tells the training images from generated ones
/// (adaptive discriminator augmentation, ADA; Karras et al. 2020, arXiv:2006.06676, section 3).
///
/// The paper's measure is r = E[sign(D(x))] over the batches of four updates, eq. 1. Scores without a sign of their own, as those
/// of relativistic games, are compared instead: r = E[sign(D(x) − D(G(z)))]. Both are 0 where D cannot tell, and 1 where it is
/// sure, as a D is that knows its few training images by heart. Where r is above the target, the probability rises by a fixed
/// amount, where it is below, it falls. It never exceeds a limit, as it may in the authors' code: strong augmentation appears in
/// what G draws (section 2.2).
package final class AugmentationStrength {
  /// The probability, float64, without axes.
  package let probability: Tensor
  /// Whether it moves.
  package let isAdaptive: Bool
  private let signs, count: Tensor
  private let target, limit, change: Double
  private let isRelative: Bool

  /// Updates of D from one change to the next (section 3).
  private static let interval = 4

  /// As a recipe says; nil where all images are augmented, or none.
  package init?(_ recipe: AdversarialRecipe, device: Device) {
    guard !recipe.augment.isEmpty, recipe.augmentTarget > 0 || recipe.augmentProbability < 1 else { return nil }
    isAdaptive = recipe.augmentTarget > 0
    (target, limit) = (recipe.augmentTarget, recipe.augmentProbability)
    change = Double(Self.interval) / Double(recipe.augmentSteps * recipe.criticSteps)
    isRelative = !recipe.objective.scoresHaveSigns
    func scalar(_ value: Double) -> Tensor { Tensor(value, dtype: .float64, device: device) }
    probability = scalar(isAdaptive ? 0 : limit)
    (signs, count) = (scalar(0), scalar(0))
  }

  /// What a checkpoint keeps.
  var tensors: [(name: String, tensor: Tensor)] {
    isAdaptive
      ? [
        ("augmentation.probability", probability), ("augmentation.signs", signs), ("augmentation.count", count),
      ] : []
  }

  /// Counts the signs of scores, and at each fourth move of D changes the probability.
  ///
  /// - Parameters:
  ///   - move: how many moves D has made before.
  ///   - isLastPart: whether they complete D's move.
  /// - Returns: r of these scores.
  package func observe(real: Scores, fake: Scores, move: Int, isLastPart: Bool) -> Tensor {
    withoutGradient {
      let real = real.perImage.tensor.detached().to(.float64)
      let margins = isRelative ? real - fake.perImage.tensor.detached().to(.float64) : real
      let found = Self.sign(margins)
      guard isAdaptive else { return found }
      signs.add(found)
      count.add(count.onesLike())
      guard isLastPart, move % Self.interval == Self.interval - 1 else { return found }
      let direction = Self.sign(signs / count - target)
      probability.copy(from: (probability + direction * change).clamped(0, limit))
      for tensor in [signs, count] { tensor.fill(0) }
      return found
    }
  }

  /// The mean sign.
  private static func sign(_ x: Tensor) -> Tensor { signOperation(.tensor(x)).mean() }
}

private let signOperation = Operation("aten::sgn")

extension ObjectiveKind {
  /// Whether D takes an image for real where its score is above 0.
  var scoresHaveSigns: Bool {
    switch self {
    case .minimax, .nonSaturating, .hinge: true
    case .leastSquares, .wasserstein, .relativisticPairing, .relativisticAverage: false
    }
  }
}
