/// What each player minimises, as a function of D's raw scores of real and of generated images.
public protocol Objective: Sendable {
  /// Whether the sigmoid of a score is the probability that an image is real, which is what people are shown then.
  var isLogistic: Bool { get }
  /// What the discriminator minimises.
  func discriminatorLoss(real: Scores, fake: Scores) -> Loss
  /// What the generator minimises.
  func generatorLoss(fake: Scores) -> Loss
}
