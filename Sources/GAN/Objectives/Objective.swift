/// What each player minimises, as a function of D's raw scores of real and of generated images. Scores are `[N, ...]`:
/// one for each image, or a map of them for a discriminator that scores patches.
public protocol Objective: Sendable {
  /// Whether the sigmoid of a score is the probability that an image is real.
  var isLogistic: Bool { get }
  /// What the discriminator minimises.
  func discriminatorLoss(real: Scores, fake: Scores) -> Loss
  /// What the generator minimises.
  func generatorLoss(real: Scores, fake: Scores) -> Loss
}

/// An objective whose generator loss depends on the scores of generated images alone.
public protocol AbsoluteObjective: Objective {
  /// What the generator minimises.
  func generatorLoss(fake: Scores) -> Loss
}

extension AbsoluteObjective {
  /// What the generator minimises; it does not depend on real images.
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { generatorLoss(fake: fake) }
}

/// An objective in which the gradients of both players with respect to a generated image are parallel, so that one
/// backward pass through D serves both (Shen et al. 2021, section 3.2, arXiv:2103.00430).
///
/// Where both losses are sums over the generated images and each image x affects only its own score f = D(x), the chain
/// rule gives ∂L_D/∂x = (∂L_D/∂f) ∂f/∂x and ∂L_G/∂x = (∂L_G/∂f) ∂f/∂x: the second is γ times the first. Hinge is not
/// one of these: D's gradient is zero, and G's is not, where f < −1.
public protocol OneStageObjective: AbsoluteObjective {
  /// γ = (∂L_G/∂f) / (∂L_D/∂f) of each generated image.
  ///
  /// - Parameter fake: D's scores f of the generated images, `[N, ...]`.
  /// - Returns: a factor for each score, of the same shape.
  func generatorFactor(fake: Scores) -> Tensor
}

extension OneStageObjective {
  /// ``generatorFactor(fake:)``, or `nil` where a factor is not finite or too large for its product to be
  /// trusted.
  ///
  /// What γ multiplies has come through D at 1/γ of the size that it will have. Floating-point numbers keep their
  /// precision at any size until they underflow, which float32 and bfloat16 do below 10⁻³⁸; so 10¹⁸ leaves as much room
  /// for D's own slopes as it takes. The limit is met at f = −41 in the non-saturating game, |f| = 10⁻¹⁸ in least
  /// squares.
  package func safeGeneratorFactor(fake: Scores) -> Tensor? {
    let factor = withoutGradient { generatorFactor(fake: fake) }
    return factor.detached().abs().max().item < 1e18 ? factor : nil
  }
}
