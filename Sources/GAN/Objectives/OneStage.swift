/// One backward pass through D that serves both players (Shen et al. 2021, section 3.2, arXiv:2103.00430).
///
/// If both losses are sums over the generated images, and each image x affects only its own score f = D(x), the chain rule
/// gives ∂L_D/∂x = (∂L_D/∂f) ∂f/∂x and ∂L_G/∂x = (∂L_G/∂f) ∂f/∂x: the second is γ = (∂L_G/∂f) / (∂L_D/∂f) times the first.
///
/// What γ multiplies has come through D at 1/γ of the size that it will have. Floating-point numbers keep their precision
/// at any size until they underflow, which float32 and bfloat16 do below 10⁻³⁸. So a |∂L_D/∂f| below 10⁻¹⁸ is raised to
/// that. Losses are means over the N images, so that 1/N is part of it: in the non-saturating game it is raised at
/// f < −41 + ln N, in least squares at |f| < N · 10⁻¹⁸, and in the hinge game, where D's slope is 0, at f < −1. D's gradient
/// changes by 10⁻¹⁸ of ∂f/∂D for each of them, which no optimizer sees.
struct OneStage {
  /// What ∂L_D/∂f is raised by, of the scores' shape: zero unless it is too small.
  let raise: Tensor
  /// γ of each score, of the scores' shape.
  let factor: Tensor

  private static let leastSlope = 1e-18

  /// - Parameters:
  ///   - lossD: D's loss, whose graph is kept.
  ///   - lossG: G's loss.
  ///   - scores: D's scores f of the generated images, `[N, ...]`, of which both were computed.
  init(_ lossD: Loss, _ lossG: Loss, of scores: Scores) {
    func slopes(_ loss: Loss) -> Tensor {
      gradients(of: loss.tensor, with: [scores.tensor], retainGraph: true)[0] ?? scores.tensor.detached().zerosLike()
    }
    let (ofD, ofG) = (slopes(lossD), slopes(lossG))
    (raise, factor) = withoutGradient {
      // Of the slope's own sign, and + of 0.
      let least = copiedSign(.tensor(ofD.onesLike() * Self.leastSlope), .tensor(ofD))
      let raised = Tensor.chosen(where: ofD.abs().isLess(than: Self.leastSlope), least, else: ofD)
      return (raised - ofD, ofG / raised)
    }
  }
}

private let copiedSign = Operation("aten::copysign", "Tensor")
