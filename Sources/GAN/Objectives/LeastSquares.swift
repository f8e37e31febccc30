/// Least squares (Mao et al. 2017, eq. 9, a = 0, b = c = 1): D draws the scores of real images to 1 and of generated
/// ones to 0, G draws those of its own to 1.
public struct LeastSquares: OneStageObjective {
  /// One-sided label smoothing (Salimans et al. 2016, section 3.4, arXiv:1606.03498): D is asked for 1 − `smoothing` of
  /// real images instead of 1, 0 ..< 1.
  public let smoothing: Double

  /// A game with this much smoothing.
  public init(smoothing: Double = 0) { self.smoothing = smoothing }
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// ½ E[(D(x) − (1 − ε))²] + ½ E[D(G(z))²], with ε the smoothing.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    0.5 * (real - (1 - smoothing)).squared().mean() + 0.5 * fake.squared().mean()
  }
  /// ½ E[(D(G(z)) − 1)²].
  public func generatorLoss(fake: Scores) -> Loss { 0.5 * (fake - 1).squared().mean() }
  /// (f − 1) / f: ∂L_D/∂f = f, ∂L_G/∂f = f − 1.
  public func generatorFactor(fake: Scores) -> Tensor { (fake.tensor - 1) / fake.tensor }
}
