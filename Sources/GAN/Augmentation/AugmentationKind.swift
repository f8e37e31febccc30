/// Changes to pictures that leave them pictures, made alike for real and for generated ones before D sees them.
public enum AugmentationKind: String, Sendable, CaseIterable {
  /// Mirrored from left to right, one in two.
  case flip
  /// Brightness, saturation and contrast: ``ColorJitter``.
  case color
  /// Moved by up to an eighth of each side: ``Translation``.
  case translation
  /// A window of half of each side blanked: ``Cutout``.
  case cutout
}
