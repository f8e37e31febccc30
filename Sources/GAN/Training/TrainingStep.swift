/// One step of the game: its phases in order, each with the losses, the gradients and the moves of its players.
package struct TrainingStep {
  let game: Game
  let seed: UInt64
  /// The next batch of real images.
  let nextBatch: () throws -> Images
  let phases: [Phase]
  let objective: any Objective
  let precision: DType?
  let schedules: [Player: LearningRateSchedule]
  /// Told when a part of the step ends.
  let clock: StepClock?

  package init(_ game: Game, seed: UInt64, clock: StepClock? = nil, nextBatch: @escaping () throws -> Images) {
    self.game = game
    self.seed = seed
    self.clock = clock
    self.nextBatch = nextBatch
    phases = Phase.phases(of: game.recipe)
    objective = game.recipe.objective.objective
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
    var kept: Images?
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
  private func gradients(_ phase: Phase, _ draw: Draw, _ kept: inout Images?, _ measurements: inout Measurements) throws
    -> [Player: [Tensor?]]
  {
    let pass = Pass.training(RandomGenerator(seed: draw.seed(.dropout)))
    let generatorMoves = phase.players.contains(.generator)
    var losses: [Player: Loss] = [:]

    let fake = try kept ?? images(phase, draw, pass, recording: generatorMoves || phase.keepsImages)
    kept = phase.keepsImages ? fake : nil
    clock?.lap(.generatorForward)
    // D's own loss needs no path into G.
    let judged = generatorMoves ? fake : fake.detached()
    let real = phase.players.contains(.discriminator) ? try nextBatch() : nil
    clock?.lap(.realImages)
    let scores = withAutocast(precision) { verdicts(phase, real, judged, pass) }
    clock?.lap(.discriminatorForward)
    if let real, let realScores = scores.real {
      var loss = objective.discriminatorLoss(real: realScores, fake: scores.fake)
      if game.recipe.gradientPenalty > 0 { loss = loss + penalty(real: real, fake: fake.detached(), draw, pass) }
      measurements.take(try finite(loss, of: .discriminator), of: \.lossDiscriminator, part: draw.part)
      measurements.take(shown(realScores), of: \.scoreReal, part: draw.part)
      measurements.take(shown(scores.fake), of: \.scoreFake, part: draw.part)
      losses[.discriminator] = loss
    }
    if generatorMoves {
      let loss = objective.generatorLoss(real: scores.real ?? scores.fake, fake: scores.fake)
      measurements.take(try finite(loss, of: .generator), of: \.lossGenerator, part: draw.part)
      losses[.generator] = loss
    }
    clock?.lap(.losses)
    return slopes(phase, losses, fake, scores.fake)
  }

  /// The gradient of each player's loss with regard to its own parameters; nothing else is asked for, so that no other
  /// gradient is computed.
  private func slopes(_ phase: Phase, _ losses: [Player: Loss], _ fake: Images, _ fakeScores: Scores)
    -> [Player: [Tensor?]]
  {
    if phase.sharesBackward, let loss = losses[.discriminator],
      let factor = (objective as? any OneStageObjective)?.safeGeneratorFactor(fake: fakeScores)
    {
      // D's backward pass goes on to the images, where G's begins. A penalty has no path to them.
      var ofD = Torch.gradients(of: loss.tensor, with: game.discriminator.state.parameters + [fake.tensor])
      let ofImages = ofD.removeLast() ?? fake.tensor.zerosLike()
      clock?.lap(.discriminatorBackward)
      let ofG = Torch.gradients(
        of: [fake.tensor], weights: [ofImages * factor.reshaped(-1, 1, 1, 1)], with: game.generator.state.parameters)
      clock?.lap(.generatorBackward)
      return [.discriminator: ofD, .generator: ofG]
    }
    var found: [Player: [Tensor?]] = [:]
    for player in phase.players {
      found[player] = losses[player].map {
        // What D stored for its backward pass serves the players in turn.
        Torch.gradients(
          of: $0.tensor, with: game.network(player).state.parameters, retainGraph: player != phase.players.last)
      }
      clock?.lap(player == .discriminator ? .discriminatorBackward : .generatorBackward)
    }
    return found
  }

  /// D's scores of real images, where D moves, and of generated ones.
  private func verdicts(_ phase: Phase, _ real: Images?, _ fake: Images, _ pass: Pass) -> (real: Scores?, fake: Scores)
  {
    let discriminator = game.discriminator
    guard let real, phase.judgesTogether else {
      return (real.map { discriminator($0, pass) }, discriminator(fake, pass))
    }
    let both = discriminator(Images(.concatenated([real.tensor, fake.tensor])), pass).tensor
    return (Scores(both[0..<real.count]), Scores(both[real.count..<real.count + fake.count]))
  }

  private func images(_ phase: Phase, _ draw: Draw, _ pass: Pass, recording: Bool) throws -> Images {
    // The parts of a phase take rows of one sequence, so that they are to one great batch what its parts are.
    let latents = Tensor.normalRows(
      count: game.recipe.batch, size: game.generator.latentSize, seed: draw.phaseSeed(.latents, phase: phase.latents),
      first: draw.part * game.recipe.batch
    ).to(game.dtype)
    let make = { withAutocast(precision) { game.generator(latents, pass) } }
    return recording ? make() : withoutGradient(make)
  }

  private func penalty(real: Images, fake: Images, _ draw: Draw, _ pass: Pass) -> Loss {
    let mix = Tensor.empty([real.count, 1, 1, 1])
    mix.fillUniform(0, 1, using: RandomGenerator(seed: draw.seed(.penalty)))
    return GradientPenalty(weight: game.recipe.gradientPenalty)(real: real, fake: fake, mix: mix) {
      game.discriminator($0, pass)
    }
  }

  /// The player's step along its gradients, and what follows from it.
  ///
  /// - Returns: the gradients' norm, before any clipping.
  private func move(_ player: Player, _ gradients: [Tensor?], step: Int) throws -> Double {
    guard let optimizer = game.optimizers[player] else { preconditionFailure("a player without an optimizer") }
    let settings = player == .generator ? game.recipe.generator : game.recipe.discriminator
    let present = gradients.compactMap { $0 }
    if game.recipe.accumulation > 1 { withoutGradient { present.multiply(by: 1 / Double(game.recipe.accumulation)) } }
    let norm = try finiteNorm(player, gradients)
    if settings.clipNorm > 0 { GradientClipping.clipNorm(present, limit: settings.clipNorm) }
    if settings.clipValue > 0 { GradientClipping.clipValue(present, limit: settings.clipValue) }
    optimizer.learningRate = settings.learningRate * (schedules[player]?.factor(at: step) ?? 1)
    optimizer.step(gradients, averaging: player == .generator ? game.weightAverage(step: step) : nil)
    if player == .discriminator && game.recipe.weightClip > 0 {
      WeightClipping(limit: game.recipe.weightClip)(game.discriminator)
    }
    clock?.lap(.moves)
    if player == .generator {
      game.averageStatistics(step: step)
      clock?.lap(.average)
    }
    return norm
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

  private func finite(_ loss: Loss, of player: Player) throws -> Double {
    let value = loss.value
    guard value.isFinite else { throw NonFiniteError(what: "the \(player)'s loss") }
    return value
  }

  private func shown(_ scores: Scores) -> Double {
    withoutGradient { (objective.isLogistic ? scores.tensor.sigmoid() : scores.tensor).mean().item }
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

/// What a step measured: means over the parts of a player's last turn.
package struct Measurements {
  package fileprivate(set) var lossDiscriminator = 0.0
  package fileprivate(set) var lossGenerator = 0.0
  package fileprivate(set) var scoreReal = 0.0
  package fileprivate(set) var scoreFake = 0.0
  /// The norm of G's gradient, before any clipping.
  package fileprivate(set) var gradientGenerator = 0.0

  /// Takes the value of part number `part` of a turn.
  fileprivate mutating func take(_ value: Double, of measure: WritableKeyPath<Measurements, Double>, part: Int) {
    let former = self[keyPath: measure]
    self[keyPath: measure] = part == 0 ? value : former + (value - former) / Double(part + 1)
  }
}

/// A loss or gradient that is infinite or not a number.
package struct NonFiniteError: Error, CustomStringConvertible {
  let what: String
  package var description: String { "\(what) is not finite" }
}

/// Where in a run random numbers are drawn: they depend on this alone.
private struct Draw {
  let seed: UInt64
  let step, attempt, phase, part: Int

  /// The seed of what the parts of a phase draw together.
  func phaseSeed(_ purpose: Purpose, phase: Int) -> UInt64 {
    derivedSeed(seed, purpose.rawValue, UInt64(step), UInt64(attempt), UInt64(phase))
  }

  /// The seed of what a part draws for itself.
  func seed(_ purpose: Purpose) -> UInt64 { derivedSeed(phaseSeed(purpose, phase: phase), UInt64(part)) }
}
