/// The gradient penalty of WGAN-GP (Gulrajani et al. 2017, eq. 3): weight · E[(‖∇D(x̂)‖₂ − 1)²] at points x̂ drawn
/// uniformly on the lines between real and generated images.
public struct GradientPenalty: Sendable {
  /// The paper's λ, 10 there.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double = 10) { self.weight = weight }

  /// - Parameters:
  ///   - mix: where on each line the point lies, `[N, 1, 1, 1]` in 0 ..< 1; 1 is the real image.
  public func callAsFunction(
    _ discriminator: any Discriminator, real: Images, fake: Images, mix: Tensor, _ pass: Pass
  ) -> Loss {
    let points = withoutGradient { real.tensor * mix + fake.tensor * (1 - mix) }.detached().requiringGradient()
    let scores = discriminator(Images(points), pass)
    // A sample's score does not depend on the others, so one sum gives every sample's gradient.
    guard let slopes = gradients(of: scores.tensor.sum(), with: [points], createGraph: true)[0] else {
      return Loss(Tensor(0))
    }
    let norms = slopes.flattened().norm(axes: [1])
    return Loss((norms - 1).squared().mean() * weight)
  }
}
