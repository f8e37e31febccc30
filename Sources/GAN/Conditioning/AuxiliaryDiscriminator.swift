/// A discriminator that also classifies (ACGAN: Odena et al. 2017, "Conditional image synthesis with auxiliary
/// classifier GANs", section 3).
public final class AuxiliaryDiscriminator: Discriminator {
  let network: any UnconditionalDiscriminator
  private let classifier: Linear

  init(_ network: any UnconditionalDiscriminator, classes: Int) {
    self.network = network
    classifier = Linear(
      network.state.root / "class_logits", network.featureCount, classes, initializer: .glorotUniform)
  }

  /// The parameters and buffers of the network it wraps, and `class_logits.weight` and `.bias`.
  public var state: StateDict { network.state }

  /// The scores of images `[N, C, H, W]`, and the logits of their classes; `classes` are not used.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    network.judged(images, pass) { features in (nil, classifier(features)) }
  }
}

/// The cross entropy of class logits: the term that both players of ACGAN add to their losses (Odena et al. 2017, eq.
/// 3, with the opposite sign).
public struct ClassLoss: Sendable {
  /// The loss has no settings.
  public init() {}

  /// −E[log P(c | x)] of logits `[N, K]` and classes int64 `[N]`.
  public func callAsFunction(_ logits: Tensor, classes: Tensor) -> Loss {
    Loss(crossEntropy(.tensor(logits), .tensor(classes)))
  }
}

private let crossEntropy = Operation("aten::cross_entropy_loss")
