/// What a step of the adversarial game measures.
extension Scalar {
  /// The discriminator's loss.
  public static let lossDiscriminator = Scalar("loss_discriminator", title: "D", group: .losses)
  /// The generator's loss.
  public static let lossGenerator = Scalar("loss_generator", title: "G", group: .losses)
  /// The mean of D(x): a probability where the objective is logistic, else raw and unbounded.
  public static let scoreReal = Scalar("score_real", title: "D(x)", group: .scores)
  /// The mean of D(G(z)): a probability where the objective is logistic, else raw and unbounded.
  public static let scoreFake = Scalar("score_fake", title: "D(G(z))", group: .scores)
  /// The norm of the generator's gradient over all its parameters, before any clipping.
  public static let gradientGenerator = Scalar("gradient_generator", title: "G", group: .gradients)

  /// The scalars of a game, in order.
  static func adversarial(scoresAreProbabilities: Bool) -> [Scalar] {
    let scores = [scoreReal, scoreFake].map { score in
      scoresAreProbabilities
        ? Scalar(score.name, title: score.title, group: .probabilities, isProbability: true) : score
    }
    return [lossDiscriminator, lossGenerator] + scores + [gradientGenerator]
  }
}

extension Objective {
  /// The mean score as people are shown it.
  func displayed(_ scores: Scores) -> Tensor {
    withoutGradient { (isLogistic ? scores.tensor.sigmoid() : scores.tensor).mean() }
  }
}

extension Scalar.Group {
  static let scores = Scalar.Group(title: "Scores", label: "")
  static let probabilities = Scalar.Group(title: "Probability of being real", label: "")
}
