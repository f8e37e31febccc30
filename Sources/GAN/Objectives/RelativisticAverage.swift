/// The relativistic average game (Jolicoeur-Martineau 2018, RaSGAN, arXiv:1807.00734): D wants real images to look more
/// real than generated ones do on average, and the reverse; G wants the opposite of both.
public struct RelativisticAverage: Objective {
  /// The game has no settings.
  public init() {}
  /// The sigmoid of a score's distance to a mean is a probability, not that of the score.
  public var isLogistic: Bool { false }
  /// E[softplus(−(D(x) − E D(G(z))))] + E[softplus(D(G(z)) − E D(x))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-aboveMean(real, fake)).softplus().mean() + aboveMean(fake, real).softplus().mean()
  }
  /// E[softplus(−(D(G(z)) − E D(x)))] + E[softplus(D(x) − E D(G(z)))].
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { discriminatorLoss(real: fake, fake: real) }

  private func aboveMean(_ scores: Scores, _ others: Scores) -> Scores { Scores(scores.tensor - others.tensor.mean()) }
}
