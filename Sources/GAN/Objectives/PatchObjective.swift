/// What D and G minimise where D scores patches, as in the authors' code of pix2pix, CycleGAN and CUT: D's loss is halved,
/// "which slows down the rate at which D learns relative to G" (Isola et al. 2017, section 3.3), and least squares stand
/// without Mao's factor ½ (Zhu et al. 2017, section 3.1).
struct PatchObjective {
  private let objective: any AbsoluteObjective
  private let factor: Double

  /// - Throws: ``TrainingError`` for an objective that a game called `game` cannot play.
  init(_ kind: ObjectiveKind, of game: String) throws(TrainingError) {
    guard kind != .wasserstein, let absolute = kind.objective as? any AbsoluteObjective else {
      throw TrainingError(
        "\(game) cannot play objective=\(kind.rawValue), which compares scores or needs a Lipschitz critic: "
          + "set it to non-saturating, least-squares, minimax or hinge"
      )
    }
    objective = absolute
    factor = kind == .leastSquares ? 2 : 1
  }

  /// Whether the sigmoid of a score is the probability that a patch is real.
  var isLogistic: Bool { objective.isLogistic }

  func discriminatorLoss(real: Scores, fake: Scores) -> Loss {
    0.5 * factor * objective.discriminatorLoss(real: real, fake: fake)
  }

  func generatorLoss(fake: Scores) -> Loss { factor * objective.generatorLoss(fake: fake) }

  /// Reports D's mean scores as people are shown them.
  func report(real: Scores, fake: Scores, _ turn: Turn) {
    turn.report(.scoreReal, objective.displayed(real))
    turn.report(.scoreFake, objective.displayed(fake))
  }
}
