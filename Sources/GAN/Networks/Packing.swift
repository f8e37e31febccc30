/// The packing of PacGAN (Lin et al. 2018, arXiv:1712.04086): D scores several images of the same kind at
/// once, stacked as channels, so that a lack of variety shows.
public struct Packing: Sendable {
  /// The number of images in a pack: the paper's m.
  public let count: Int

  /// Packs of `count`.
  public init(_ count: Int) { self.count = count }

  /// - Parameter images: `[N, C, H, W]`, N a multiple of ``count``.
  /// - Returns: consecutive images as one, `[N / count, count · C, H, W]`.
  public func callAsFunction(_ images: Images) -> Images {
    let shape = images.tensor.shape
    guard count > 1, shape.count == 4 else { return images }
    precondition(shape[0].isMultiple(of: count), "\(shape[0]) images cannot be divided into packs of \(count)")
    return Images(images.tensor.reshaped(shape[0] / count, shape[1] * count, shape[2], shape[3]))
  }
}

/// A discriminator of packs of images (PacGAN: Lin et al. 2018, section 3).
public final class PackingDiscriminator: UnconditionalDiscriminator {
  let network: any UnconditionalDiscriminator
  let packing: Packing

  init(_ network: any UnconditionalDiscriminator, _ packing: Packing) {
    self.network = network
    self.packing = packing
  }

  /// The parameters and buffers of the network it wraps.
  public var state: StateDict { network.state }
  /// The number F of features.
  public var featureCount: Int { network.featureCount }

  /// Features `[N / m, F]` of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor { network.features(packing(images), pass) }
  /// What the network makes of packs.
  public func encoded(_ images: Images, _ pass: Pass) -> Encoded { network.encoded(packing(images), pass) }
  /// Scores `[N / m, 1]` of features `[N / m, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { network.scores(features, pass) }
}
