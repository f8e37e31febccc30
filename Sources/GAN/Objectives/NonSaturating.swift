/// The non-saturating game (Goodfellow et al. 2014, section 3): D maximises log D(x) + log(1 − D(G(z))), G maximises
/// log D(G(z)).
public struct NonSaturating: Objective {
  /// The game has no settings.
  public init() {}
  public var isLogistic: Bool { true }
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-real).softplus().mean() + fake.softplus().mean()
  }
  public func generatorLoss(fake: Scores) -> Loss { (-fake).softplus().mean() }
}
