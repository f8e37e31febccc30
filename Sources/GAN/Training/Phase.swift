/// A part of a training step: who moves, and how often. A step is a list of phases, so that several critic steps,
/// simultaneous moves and a shared backward pass are values and not branches.
package struct Phase: Sendable, Equatable {
  /// The players whose gradients are taken at the same parameters, and who then move.
  package let players: [Player]
  /// The generated images outlive the phase: the generator's own phase, next, uses them again. Its parameters have not
  /// moved in between, so they are the images it would make.
  package let keepsImages: Bool
  /// The number of the phase whose latents this one takes: its own, but for the generator, which answers for the images
  /// that the discriminator saw last, of the same latents and classes, be they kept or made again.
  package let latents: Int
  /// D judges real and generated images as one batch: a few large products instead of twice as many small ones, which
  /// pays for fully connected networks; not where D compares the images of a batch, which must be of one kind.
  package var judgesTogether = false
  /// One backward pass through D serves both players, wherever the objective's factor is safe.
  package var sharesBackward = false

  /// The phases of a step by this recipe.
  package static func phases(of recipe: Recipe) -> [Phase] {
    switch recipe.update {
    case .simultaneous, .oneStage:
      [
        Phase(
          players: [.discriminator, .generator], keepsImages: false, latents: 0,
          sharesBackward: recipe.update == .oneStage)
      ]
    case .alternating:
      (0..<recipe.criticSteps).map { turn in
        // Accumulated gradients take several batches, of which only one could be kept.
        Phase(
          players: [.discriminator], keepsImages: turn == recipe.criticSteps - 1 && recipe.accumulation == 1,
          latents: turn, judgesTogether: recipe.network == .mlp && !recipe.minibatchDeviation)
      } + [Phase(players: [.generator], keepsImages: false, latents: recipe.criticSteps - 1)]
    }
  }
}
