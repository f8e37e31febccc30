/// A discriminator that also tells the class (ACGAN: Odena et al. 2017, "Conditional image synthesis with auxiliary
/// classifier GANs", section 3).
public final class AuxiliaryDiscriminator: Discriminator {
  let network: any UnconditionalDiscriminator
  private let classifier: Linear

  init(_ network: any UnconditionalDiscriminator, classes: Int) {
    self.network = network
    classifier = Linear(
      network.state.root / "class_logits", network.featureCount, classes, initializer: .glorotUniform)
  }

  /// Those of the network that it wraps, and `class_logits.weight` and `.bias`.
  public var state: StateDict { network.state }

  /// The verdict on images `[N, C, H, W]`, with logits of the classes; which class an image is of does not matter to it.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    network.judged(images, pass) { features in (nil, classifier(features)) }
  }
}
