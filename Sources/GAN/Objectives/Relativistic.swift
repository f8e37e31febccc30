/// The relativistic game of pairs (Jolicoeur-Martineau 2018, RSGAN, arXiv:1807.00734; Huang et al. 2024, eq. 3,
/// arXiv:2501.05441): D scores each real image above the generated one paired with it; G does the opposite. Scores have
/// no absolute meaning.
public struct RelativisticPairing: Objective {
  /// The game has no settings.
  public init() {}
  /// The sigmoid of the difference of two scores is a probability; that of a score is not.
  public var isLogistic: Bool { false }
  /// E[softplus(−(D(x) − D(G(z))))], over pairs of a real and a generated image, patch by patch where scores are maps.
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss { (fake - real).softplus().mean() }
  /// E[softplus(−(D(G(z)) − D(x)))].
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { (real - fake).softplus().mean() }
}

/// The relativistic average game (Jolicoeur-Martineau 2018, RaSGAN, arXiv:1807.00734): D scores real images above
/// the mean of generated ones, and generated ones below the mean of real ones; G does the opposite.
public struct RelativisticAverage: Objective {
  /// The game has no settings.
  public init() {}
  /// The sigmoid of a score's distance to a mean is a probability; that of a score is not.
  public var isLogistic: Bool { false }
  /// E[softplus(−(D(x) − E D(G(z))))] + E[softplus(D(G(z)) − E D(x))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (-aboveMean(real, fake)).softplus().mean() + aboveMean(fake, real).softplus().mean()
  }
  /// E[softplus(−(D(G(z)) − E D(x)))] + E[softplus(D(x) − E D(G(z)))].
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { discriminatorLoss(real: fake, fake: real) }

  private func aboveMean(_ scores: Scores, _ others: Scores) -> Scores { Scores(scores.tensor - others.tensor.mean()) }
}
