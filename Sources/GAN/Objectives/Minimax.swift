/// The minimax game (Goodfellow et al. 2014, eq. 1): D maximises log D(x) + log(1 − D(G(z))), G minimises
/// log(1 − D(G(z))), which saturates where D is sure.
public struct Minimax: OneStageObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are logits.
  public var isLogistic: Bool { true }
  /// E[softplus(−D(x))] + E[softplus(D(G(z)))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-real).softplus().mean() + fake.softplus().mean()
  }
  /// −E[softplus(D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.softplus().mean() }
  /// −1: what G minimises is what D maximises.
  public func generatorFactor(fake: Scores) -> Tensor { -fake.tensor.onesLike() }
}
