/// An objective in which the gradients of both players with regard to a generated image point the same way, so that one
/// backward pass through D serves both (Shen et al. 2021, section 3.2, arXiv:2103.00430).
///
/// Where both losses are sums over the generated images and each image x meets its own score f = D(x) only, the chain
/// rule gives ∂L_D/∂x = (∂L_D/∂f) ∂f/∂x and ∂L_G/∂x = (∂L_G/∂f) ∂f/∂x: the second is γ times the first. Hinge is none of
/// these objectives: D's gradient is zero, and G's is not, where f < −1.
public protocol OneStageObjective: AbsoluteObjective {
  /// γ = (∂L_G/∂f) / (∂L_D/∂f) of each generated image.
  ///
  /// - Parameter fake: D's scores f of the generated images, `[N, 1]`.
  /// - Returns: `[N, 1]`.
  func generatorFactor(fake: Scores) -> Tensor
}

extension OneStageObjective {
  /// ``generatorFactor(fake:)``, or `nil` where one is so great that its product could be wrong, or is not finite.
  ///
  /// What γ multiplies has come through D at 1/γ of the size that it will have. Floating-point numbers keep their
  /// precision at any size until they underflow, which float32 and bfloat16 do below 10⁻³⁸; so 10¹⁸ leaves as much room
  /// for D's own slopes as it takes. The limit is met at f = −41 in the non-saturating game, |f| = 10⁻¹⁸ in least squares.
  package func safeGeneratorFactor(fake: Scores) -> Tensor? {
    let factor = withoutGradient { generatorFactor(fake: fake) }
    return factor.detached().abs().max().item < 1e18 ? factor : nil
  }
}
