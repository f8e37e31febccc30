/// The cross entropy of class logits: what both players of ACGAN minimise besides their game (Odena et al. 2017, eq. 3,
/// with the opposite sign).
public struct ClassLoss: Sendable {
  /// The loss has no settings.
  public init() {}

  /// −E[log P(c | x)] of logits `[N, K]` and classes int64 `[N]`.
  public func callAsFunction(_ logits: Tensor, classes: Tensor) -> Loss {
    Loss(crossEntropy(.tensor(logits), .tensor(classes)))
  }
}

private let crossEntropy = Operation("aten::cross_entropy_loss")
