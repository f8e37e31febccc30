/// Differentiable augmentation (DiffAugment; Zhao et al. 2020, arXiv:2006.10738): all images that D scores, real or
/// generated, in both players' updates, pass through the same random, differentiable changes. This keeps D from
/// memorising a small data set, and the generated images from showing the changes.
public struct Augmentation: Sendable {
  /// The changes, in the order of their application.
  public let kinds: [AugmentationKind]

  /// These changes, one after the other.
  public init(_ kinds: [AugmentationKind]) { self.kinds = kinds }

  /// The images, each changed by its own random draws.
  public func callAsFunction(_ images: Images, using random: RandomStream) -> Images {
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

/// The random changes that real and generated images undergo before D scores them.
public enum AugmentationKind: String, Sendable, CaseIterable {
  /// Mirroring from left to right, with probability ½.
  case flip
  /// Brightness, saturation and contrast: ``ColorJitter``.
  case color
  /// Shifts by up to an eighth of each side: ``Translation``.
  case translation
  /// A window of half of each side set to zero: ``Cutout``.
  case cutout
}
