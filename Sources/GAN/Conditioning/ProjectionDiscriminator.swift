/// A discriminator whose score gains the inner product of the features and a vector of the class (Miyato and Koyama
/// 2018, "cGANs with projection discriminator", eq. 3): f(x, y) = ψ(φ(x)) + yᵀ V φ(x).
public final class ProjectionDiscriminator: Discriminator {
  let network: any UnconditionalDiscriminator
  private let vectors: MaybeSpectral<Embedding>

  /// - Parameter isSpectral: whether V is divided by its largest singular value, as the network's weights are.
  init(_ network: any UnconditionalDiscriminator, classes: Int, isSpectral: Bool) {
    self.network = network
    // Glorot's law, as the authors' code has it: its scale fits whatever the number of features is.
    let table = Embedding(
      network.state.root / "class_embedding", classes, network.featureCount, initializer: .glorotUniform)
    vectors = MaybeSpectral(table, spectral: isSpectral)
  }

  /// The parameters and buffers of the network it wraps, and `class_embedding.weight`.
  public var state: StateDict { network.state }

  /// The scores of images `[N, C, H, W]` of classes `[N]`.
  public func callAsFunction(_ images: Images, classes: Tensor?, _ pass: Pass) -> Verdict {
    guard let classes else { preconditionFailure("a class-conditional discriminator needs the class of each image") }
    return network.judged(images, pass) { features in
      ((vectors(classes, pass) * features).sum(axes: [1], keepingAxes: true), nil)
    }
  }
}
