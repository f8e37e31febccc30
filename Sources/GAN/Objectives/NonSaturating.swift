/// The non-saturating game (Goodfellow et al. 2014, section 3): D maximises log D(x) + log(1 − D(G(z))), G maximises
/// log D(G(z)).
public struct NonSaturating: OneStageObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are logits.
  public var isLogistic: Bool { true }
  /// E[softplus(−D(x))] + E[softplus(D(G(z)))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-real).softplus().mean() + fake.softplus().mean()
  }
  /// E[softplus(−D(G(z)))].
  public func generatorLoss(fake: Scores) -> Loss { (-fake).softplus().mean() }
  /// −e⁻ᶠ: with the sigmoid σ, ∂L_D/∂f = σ(f), ∂L_G/∂f = −σ(−f), and σ(−f) = e⁻ᶠ σ(f).
  public func generatorFactor(fake: Scores) -> Tensor { -(-fake.tensor).exp() }
}
