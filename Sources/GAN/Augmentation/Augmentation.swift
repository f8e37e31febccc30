/// Differentiable augmentation (DiffAugment; Zhao et al. 2020, arXiv:2006.10738): what D sees, real or generated, in its
/// own turn and in G's, goes through the same kinds of random changes, through which gradients flow. D cannot learn few
/// pictures by heart then, and G does not learn the changes.
public struct Augmentation: Sendable {
  /// The changes, in the order of their application.
  public let kinds: [AugmentationKind]

  /// These changes, one after the other.
  public init(_ kinds: [AugmentationKind]) { self.kinds = kinds }

  /// The pictures, each changed by draws of its own.
  public func callAsFunction(_ images: Images, using random: RandomGenerator) -> Images {
    let (count, height, width) = (images.count, images.tensor.size(2), images.tensor.size(3))
    return kinds.reduce(images) { images, kind in
      switch kind {
      case .flip: Flip(count: count, using: random)(images)
      case .color: ColorJitter(count: count, using: random)(images)
      case .translation: Translation(count: count, height: height, width: width, using: random)(images)
      case .cutout: Cutout(count: count, height: height, width: width, using: random)(images)
      }
    }
  }
}
