/// One step of the game: its phases in order, each with the losses, the gradients and the moves of its players.
package struct TrainingStep {
  let game: Game
  let seed: UInt64
  /// The next batch of real images.
  let nextBatch: () throws -> TrainingBatch
  let phases: [Phase]
  let objective: any Objective
  let precision: DType?
  let schedules: [Player: LearningRateSchedule]
  /// Told when a part of the step ends.
  let clock: StepClock?

  package init(_ game: Game, seed: UInt64, clock: StepClock? = nil, nextBatch: @escaping () throws -> TrainingBatch) {
    self.game = game
    self.seed = seed
    self.clock = clock
    self.nextBatch = nextBatch
    phases = Phase.phases(of: game.recipe)
    objective = game.recipe.game
    precision = game.recipe.precision.dtype
    schedules = [
      .generator: game.recipe.generator.learningRateSchedule,
      .discriminator: game.recipe.discriminator.learningRateSchedule,
    ]
  }

  /// Plays step number `step` (from 0).
  ///
  /// - Parameter attempt: how often training was rolled back before; another attempt draws other numbers.
  /// - Throws: ``NonFiniteError`` before the move that it would spoil; ``TorchError``.
  package func callAsFunction(_ step: Int, attempt: Int) throws -> Measurements {
    var measurements = Measurements()
    var kept = Kept()
    for (index, phase) in phases.enumerated() {
      var sums: [Player: [Tensor?]] = [:]
      for part in 0..<game.recipe.accumulation {
        let draw = Draw(seed: seed, step: step, attempt: attempt, phase: index, part: part)
        let parts = try withTorchErrors { try self.gradients(phase, draw, &kept, &measurements) }
        for (player, values) in parts { sums[player] = sum(sums[player], values) }
      }
      try withTorchErrors {
        for player in phase.players {
          let norm = try move(player, sums[player] ?? [], step: step)
          if player == .generator { measurements.gradientGenerator = norm }
        }
      }
    }
    return measurements
  }

  /// The gradients of the phase's players, all at the present parameters.
  private func gradients(_ phase: Phase, _ draw: Draw, _ kept: inout Kept, _ measurements: inout Measurements) throws
    -> [Player: [Tensor?]]
  {
    let turn = Turn(game: game, objective: objective, precision: precision, phase: phase, draw: draw, clock: clock)
    let shown = try phase.players.contains(.discriminator) ? turn.shown(nextBatch()) : kept.shown[draw.part]
    let real = shown?.real
    kept.shown[draw.part] = shown?.forGenerator(game.recipe)
    clock?.lap(.realImages)
    let fake = try kept.fake ?? turn.generated(of: shown?.classes)
    kept.fake = phase.keepsImages ? fake : nil
    clock?.lap(.generatorForward)
    return try turn(real: real, fake: fake, &measurements)
  }

  /// The player's step along its gradients, and what follows from it.
  ///
  /// - Returns: the gradients' norm, before any clipping.
  private func move(_ player: Player, _ gradients: [Tensor?], step: Int) throws -> Double {
    guard let optimizer = game.optimizers[player] else { preconditionFailure("a player without an optimizer") }
    let settings = player == .generator ? game.recipe.generator : game.recipe.discriminator
    let ready = try ReadyGradients(
      gradients, parts: game.recipe.accumulation, of: game.network(player), called: player.rawValue, settings)
    optimizer.learningRate = settings.learningRate * (schedules[player]?.factor(at: step) ?? 1)
    optimizer.step(ready.values, averaging: player == .generator ? game.weightAverage(step: step) : nil)
    if player == .discriminator && game.recipe.penalties.weightClip > 0 {
      WeightClipping(limit: game.recipe.penalties.weightClip)(game.discriminator)
    }
    clock?.lap(.moves)
    if player == .generator {
      game.averageStatistics(step: step)
      clock?.lap(.average)
    }
    return ready.norm
  }

  private func sum(_ a: [Tensor?]?, _ b: [Tensor?]) -> [Tensor?] {
    guard let a else { return b }
    return withoutGradient {
      zip(a, b).map { pair in
        guard let x = pair.0, let y = pair.1 else { return pair.0 ?? pair.1 }
        return x + y
      }
    }
  }
}

/// What a phase leaves to the next.
private struct Kept {
  /// The generated images, with their path into G.
  var fake: TrainingBatch?
  /// What D was shown last, by part: G answers for the same.
  var shown: [Int: Shown] = [:]
}
