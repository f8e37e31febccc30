/// What each player minimises, as a function of D's raw scores of real and of generated images.
public protocol Objective: Sendable {
  /// Whether the sigmoid of a score is the probability that an image is real, which is what people are shown then.
  var isLogistic: Bool { get }
  /// What the discriminator minimises.
  func discriminatorLoss(real: Scores, fake: Scores) -> Loss
  /// What the generator minimises.
  func generatorLoss(real: Scores, fake: Scores) -> Loss
}

/// An objective in which the generator asks for nothing but the scores of its own images.
public protocol AbsoluteObjective: Objective {
  /// What the generator minimises.
  func generatorLoss(fake: Scores) -> Loss
}

extension AbsoluteObjective {
  /// What the generator minimises; real images do not matter to it.
  public func generatorLoss(real: Scores, fake: Scores) -> Loss { generatorLoss(fake: fake) }
}
