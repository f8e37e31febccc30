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
    let real = phase.players.contains(.discriminator) ? try nextBatch() : kept.real[draw.part]
    if game.recipe.generatorSeesReal { kept.real[draw.part] = real }
    clock?.lap(.realImages)
    let fake = try kept.fake ?? turn.generated(paired: real)
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
    let present = gradients.compactMap { $0 }
    if game.recipe.accumulation > 1 { withoutGradient { present.multiply(by: 1 / Double(game.recipe.accumulation)) } }
    if settings.orthogonal > 0 { regularize(player, gradients, weight: settings.orthogonal) }
    let norm = try finiteNorm(player, gradients)
    if settings.clipNorm > 0 { GradientClipping.clipNorm(present, limit: settings.clipNorm) }
    if settings.clipValue > 0 { GradientClipping.clipValue(present, limit: settings.clipValue) }
    optimizer.learningRate = settings.learningRate * (schedules[player]?.factor(at: step) ?? 1)
    optimizer.step(gradients, averaging: player == .generator ? game.weightAverage(step: step) : nil)
    if player == .discriminator && game.recipe.penalties.weightClip > 0 {
      WeightClipping(limit: game.recipe.penalties.weightClip)(game.discriminator)
    }
    clock?.lap(.moves)
    if player == .generator {
      game.averageStatistics(step: step)
      clock?.lap(.average)
    }
    return norm
  }

  /// Adds to the gradients what keeps filters apart.
  private func regularize(_ player: Player, _ gradients: [Tensor?], weight: Double) {
    let weights = zip(game.network(player).state.entries.filter(\.isParameter), gradients).compactMap {
      entry, gradient -> (tensor: Tensor, filterAxis: Int, gradient: Tensor)? in
      guard let axis = entry.filterAxis, let gradient else { return nil }
      return (entry.tensor, axis, gradient)
    }
    let added = OrthogonalRegularization(weight: weight).gradients(of: weights.map { ($0.tensor, $0.filterAxis) })
    withoutGradient { for (weight, term) in zip(weights, added) { weight.gradient.add(term) } }
  }

  private func finiteNorm(_ player: Player, _ gradients: [Tensor?]) throws -> Double {
    let norm = gradients.compactMap { $0 }.totalNorm().item
    if norm.isFinite { return norm }
    let names = game.network(player).state.entries.filter(\.isParameter).map(\.name)
    if let name = zip(names, gradients).first(where: { $0.1?.isFinite == false })?.0 {
      throw NonFiniteError(what: "the gradient of the \(player)'s \(name)")
    }
    return norm
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
  /// The real images that D saw last, by part, where G asks about them.
  var real: [Int: TrainingBatch] = [:]
}
