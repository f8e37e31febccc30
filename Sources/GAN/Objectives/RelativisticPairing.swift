/// The relativistic game of pairs (Jolicoeur-Martineau 2018, RSGAN, arXiv:1807.00734; Huang et al. 2024, eq. 3,
/// arXiv:2501.05441): D wants each real image to look more real than the generated one beside it, G wants the opposite.
/// No score has a meaning by itself.
public struct RelativisticPairing: Objective {
  /// The game has no settings.
  public init() {}
  /// The sigmoid of a score's distance to another is a probability, not that of the score.
  public var isLogistic: Bool { false }
  /// E[softplus(−(D(x) − D(G(z))))], over as many real images as generated ones.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss { (fake - real).softplus().mean() }
  /// E[softplus(−(D(G(z)) − D(x)))].
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { (real - fake).softplus().mean() }
}
