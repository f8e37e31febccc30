/// The dual of the Wasserstein distance (Arjovsky et al. 2017, eq. 3): D, here called critic, raises the scores of real
/// images above those of generated ones; it must be kept Lipschitz by ``WeightClipping`` or a ``GradientPenalty``.
public struct Wasserstein: Objective {
  /// The game has no settings.
  public init() {}
  public var isLogistic: Bool { false }
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss { fake.mean() + -real.mean() }
  public func generatorLoss(fake: Scores) -> Loss { -fake.mean() }
}
