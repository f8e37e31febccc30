/// The non-saturating game (Goodfellow et al. 2014, section 3): D maximises log D(x) + log(1 − D(G(z))), G maximises
/// log D(G(z)).
public struct NonSaturating: OneStageObjective {
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
  /// E[softplus(−D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { (-fake).softplus().mean() }
  /// −e⁻ᶠ: with the sigmoid σ, ∂L_D/∂f = σ(f), ∂L_G/∂f = −σ(−f), and σ(−f) = e⁻ᶠ σ(f).
  public func generatorFactor(fake: Scores) -> Tensor { -(-fake.tensor).exp() }
}
