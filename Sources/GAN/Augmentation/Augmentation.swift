/// Differentiable augmentation (DiffAugment; Zhao et al. 2020, arXiv:2006.10738): all images that D scores, real or
/// generated, in both players' updates, pass through the same random, differentiable changes. This keeps D from
/// memorising a small data set, and the generated images from showing the changes.
///
/// With a probability each image undergoes each change with that probability alone (Karras et al. 2020, arXiv:2006.06676, section
/// 2.2): as long as it is below 0.8 or so, G cannot mistake the changes for a trait of the data.
public struct Augmentation {
  /// The changes, in the order of their application.
  public let kinds: [AugmentationKind]
  /// The probability of each change, without axes; nil for certainty.
  public let probability: Tensor?

  /// These changes, one after the other.
  public init(_ kinds: [AugmentationKind], _ probability: Tensor? = nil) {
    (self.kinds, self.probability) = (kinds, probability)
  }

  /// The images, each changed by its own random draws.
  public func callAsFunction(_ images: Images, using random: RandomStream) -> Images {
    let (count, height, width) = (images.count, images.tensor.size(2), images.tensor.size(3))
    return kinds.reduce(images) { images, kind in
      let changed =
        switch kind {
        case .flip: Flip(count: count, using: random)(images)
        case .rotation: Rotation(count: count, using: random)(images)
        case .color: ColorJitter(count: count, using: random)(images)
        case .translation: Translation(count: count, height: height, width: width, using: random)(images)
        case .cutout: Cutout(count: count, height: height, width: width, using: random)(images)
        }
      guard let probability else { return changed }
      let draws = random.uniform([count], 0, 1).to(.float64)
      let isChanged = (draws - probability).isLess(than: 0).reshaped(-1, 1, 1, 1)
      return Images(.chosen(where: isChanged, changed.tensor, else: images.tensor))
    }
  }
}

/// The random changes that real and generated images undergo before D scores them.
public enum AugmentationKind: String, Sendable, CaseIterable {
  /// Mirroring from left to right, with probability ½.
  case flip
  /// Turns by a whole number of quarters: ``Rotation``.
  case rotation
  /// Brightness, saturation and contrast: ``ColorJitter``.
  case color
  /// Shifts by up to an eighth of each side: ``Translation``.
  case translation
  /// A window of half of each side set to zero: ``Cutout``.
  case cutout
}
