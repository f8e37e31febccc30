/// The gradient penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3): weight · E[(‖∇D(x̂)‖₂ − 1)²] at points x̂ drawn
/// uniformly on the lines between real and generated images.
public struct GradientPenalty: Sendable {
  /// The paper's λ, 10 there.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - mix: where on each line the point lies, `[N, 1, 1, 1]` in 0 ..< 1; 1 is the real image.
  ///   - judge: D's scores of images, each of which meets its own score only.
  public func callAsFunction(real: Images, fake: Images, mix: Tensor, _ judge: (Images) -> Scores) -> Loss {
    let points = withoutGradient { Images(real.tensor * mix + fake.tensor * (1 - mix)) }
    return weight * points.departureFromUnitSlope(judge)
  }
}
