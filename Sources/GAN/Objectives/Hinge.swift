/// The hinge game (Lim and Ye 2017, eq. 7–8; Miyato et al. 2018, eq. 16–17): D wants real scores above 1 and generated
/// ones below −1, and no more; G raises the scores of its own.
public struct Hinge: AbsoluteObjective {
  /// The game has no settings.
  public init() {}
  /// Scores are no logits.
  public var isLogistic: Bool { false }
  /// E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))].
  public func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    (1 - real).relu().mean() + (fake + 1).relu().mean()
  }
  /// −E[D(G(z))].
  public func generatorLoss(fake: Scores) -> Loss { -fake.mean() }
}
