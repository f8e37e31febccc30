/// A part of a training step: who moves, and how often. A step is a list of phases, so that several critic steps and
/// simultaneous moves are values and not branches.
package struct Phase: Sendable, Equatable {
  /// The players whose gradients are taken at the same parameters, and who then move.
  package let players: [Player]
  /// The generated images outlive the phase: the generator's own phase, next, uses them again. Its parameters have not
  /// moved in between, so they are the images it would make.
  package let keepsImages: Bool

  /// The phases of a step by this recipe.
  package static func phases(of recipe: Recipe) -> [Phase] {
    switch recipe.update {
    case .simultaneous: [Phase(players: [.discriminator, .generator], keepsImages: false)]
    case .alternating:
      (1...recipe.criticSteps).map { turn in
        // Accumulated gradients take several batches, of which only one could be kept.
        Phase(players: [.discriminator], keepsImages: turn == recipe.criticSteps && recipe.accumulation == 1)
      } + [Phase(players: [.generator], keepsImages: false)]
    }
  }
}
