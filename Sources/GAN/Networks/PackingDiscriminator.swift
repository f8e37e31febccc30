/// A discriminator that judges packs of images as one, so that a lack of variety shows (PacGAN: Lin et al. 2018, "PacGAN:
/// the power of two samples in generative adversarial networks", section 3).
public final class PackingDiscriminator: UnconditionalDiscriminator {
  let network: any UnconditionalDiscriminator
  let packing: Packing

  init(_ network: any UnconditionalDiscriminator, _ packing: Packing) {
    self.network = network
    self.packing = packing
  }

  /// Those of the network that it wraps.
  public var state: StateDict { network.state }
  /// The number F of features.
  public var featureCount: Int { network.featureCount }

  /// Features `[N / m, F]` of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor { network.features(packing(images), pass) }
  /// Scores `[N / m, 1]` of features `[N / m, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { network.scores(features, pass) }
}
