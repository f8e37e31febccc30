/// The dual of the Wasserstein distance (Arjovsky et al. 2017, eq. 3): D, here called critic, raises the scores of real
/// images above those of generated ones; it must be kept Lipschitz by ``WeightClipping`` or a ``GradientPenalty``.
public struct Wasserstein: OneStageObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// E[D(G(z))] − E[D(x)].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss { fake.mean() + -real.mean() }
  /// −E[D(G(z))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.mean() }
  /// −1: what G minimises is what D maximises.
  public func generatorFactor(fake: Scores) -> Tensor { -fake.tensor.onesLike() }
}
