/// What each player minimises, as a function of D's raw scores of real and of generated images. Scores are `[N, ...]`:
/// one for each image, or a map of them for a discriminator that scores patches.
public protocol Objective: Sendable {
  /// Whether the sigmoid of a score is the probability that an image is real.
  var isLogistic: Bool { get }
  /// What the discriminator minimises.
  func discriminatorLoss(real: Scores, fake: Scores) -> Loss
  /// What the generator minimises.
  func generatorLoss(real: Scores, fake: Scores) -> Loss
}

/// An objective whose generator loss depends on the scores of generated images alone.
public protocol AbsoluteObjective: Objective {
  /// What the generator minimises.
  func generatorLoss(fake: Scores) -> Loss
}

extension AbsoluteObjective {
  /// What the generator minimises; it does not depend on real images.
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { generatorLoss(fake: fake) }
}
