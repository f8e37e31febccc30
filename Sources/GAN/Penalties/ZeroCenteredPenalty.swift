/// The zero-centred gradient penalties (Mescheder et al. 2018, eq. 9–10, arXiv:1801.04406): γ/2 · E[‖∇D(x)‖²]; R1 at real
/// images, R2 at generated ones.
///
/// ```swift
/// let images = real.requiringGradient()
/// let scores = discriminator(images, pass)
/// let loss = objective.discriminatorLoss(real: scores, fake: fakeScores) + ZeroCenteredPenalty(weight: 10)(scores, at: images)
/// ```
public struct ZeroCenteredPenalty: Sendable {
  /// The paper's γ, 10 there.
  public let weight: Double

  /// A penalty of this γ.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - scores: D's scores, which need not be computed again; each belongs to its own image, or to its own pack of them.
  ///   - images: what was judged: ``Images/requiringGradient()``.
  public func callAsFunction(_ scores: Scores, at images: Images) -> Loss {
    Loss(scores.slopes(at: images).squared().sum(axes: [1]).mean() * (weight / 2))
  }
}
