/// The pixel-wise distance of generated images to their targets: a loss term for paired data (Isola et al. 2017, eq.
/// 3).
///
/// ```swift
/// let loss = objective.generatorLoss(fake: scores) + 100 * Reconstruction.l1(fake, target)
/// ```
public enum Reconstruction: Sendable {
  /// The mean absolute difference.
  case l1
  /// The mean squared difference.
  case l2

  /// The distance between images and targets of one shape.
  public func callAsFunction(_ images: Images, _ targets: Images) -> Loss {
    let difference = images.tensor - targets.tensor
    return Loss((self == .l1 ? difference.abs() : difference.squared()).mean())
  }
}
