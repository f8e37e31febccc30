/// The minimax game (Goodfellow et al. 2014, eq. 1): D maximises log D(x) + log(1 − D(G(z))), G minimises
/// log(1 − D(G(z))), which saturates where D is sure.
public struct Minimax: Objective {
  /// The game has no settings.
  public init() {}
  public var isLogistic: Bool { true }
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-real).softplus().mean() + fake.softplus().mean()
  }
  public func generatorLoss(fake: Scores) -> Loss { -fake.softplus().mean() }
}
