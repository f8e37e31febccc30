/// The non-saturating game (Goodfellow et al. 2014, section 3): D maximises log D(x) + log(1 − D(G(z))), G maximises
/// log D(G(z)).
public struct NonSaturating: Objective {
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
}
