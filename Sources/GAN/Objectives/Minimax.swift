/// The minimax game (Goodfellow et al. 2014, eq. 1): D maximises log D(x) + log(1 − D(G(z))), G minimises
/// log(1 − D(G(z))), which saturates where D is sure.
public struct Minimax: OneStageObjective {
  /// One-sided label smoothing (Salimans et al. 2016, section 3.4, arXiv:1606.03498): D is asked for 1 − `smoothing` of
  /// real images instead of 1, 0 ..< 1.
  public let smoothing: Double

  /// A game with this much smoothing.
  public init(smoothing: Double = 0) { self.smoothing = smoothing }
  /// Scores are logits.
  public var isLogistic: Bool { true }
  /// E[softplus(−D(x)) + ε D(x)] + E[softplus(D(G(z)))], with ε the smoothing.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    real.crossEntropyTowardReal(smoothing: smoothing) + fake.softplus().mean()
  }
  /// −E[softplus(D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.softplus().mean() }
  /// −1: what G minimises is what D maximises.
  public func generatorFactor(fake: Scores) -> Tensor { -fake.tensor.onesLike() }
}
