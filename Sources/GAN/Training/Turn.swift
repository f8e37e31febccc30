/// One part of one phase: what the players are shown, what each of them minimises, and the gradients.
struct Turn {
  let game: Game
  let objective: any Objective
  let precision: DType?
  let phase: Phase
  let draw: Draw
  let clock: StepClock?
  let pass: Pass

  init(game: Game, objective: any Objective, precision: DType?, phase: Phase, draw: Draw, clock: StepClock?) {
    self.game = game
    self.objective = objective
    self.precision = precision
    self.phase = phase
    self.draw = draw
    self.clock = clock
    pass = .training(draw.random(.dropout))
  }

  private var recipe: Recipe { game.recipe }
  private var generatorMoves: Bool { phase.players.contains(.generator) }
  private var discriminatorMoves: Bool { phase.players.contains(.discriminator) }

  /// What D is shown in this part: the next real images, and generated ones of which classes.
  func shown(_ real: TrainingBatch) -> Shown {
    let drawn = game.generator.description.classTable?.drawn(
      recipe.batch, seed: draw.phaseSeed(.classes, phase: phase.latents), first: firstRow)
    return Shown(real: real, classes: recipe.pairsClasses ? real.classes ?? drawn : drawn)
  }

  /// New images of these classes, with their path into G where G is to learn from them.
  func generated(of classes: Tensor?) throws -> TrainingBatch {
    let latents = Tensor.normalRows(
      count: recipe.batch, size: game.generator.latentSize,
      seed: draw.phaseSeed(.latents, phase: phase.latents), first: firstRow
    ).to(game.dtype)
    let make = { withAutocast(precision) { game.generator(latents, classes: classes, pass) } }
    let images = generatorMoves || phase.keepsImages ? make() : withoutGradient(make)
    return TrainingBatch(images, classes: classes)
  }

  /// The parts of a phase take rows of one sequence, so that they are to one great batch what its parts are.
  private var firstRow: Int { draw.part * recipe.batch }

  /// The gradients of the players who move.
  ///
  /// - Parameter real: the real images; where D does not move, those it saw last.
  func callAsFunction(real: TrainingBatch?, fake: TrainingBatch, _ measurements: inout Measurements) throws
    -> [Player: [Tensor?]]
  {
    let penalties = DiscriminatorPenalties(game, draw, pass, precision)
    let shown = (
      real: discriminatorMoves ? real?.asLeaf(penalties.needRealSlopes) : real,
      // D's own loss needs no path into G.
      fake: generatorMoves ? fake : fake.asLeaf(penalties.needFakeSlopes)
    )
    let view = View(recipe, step: draw.step)
    let seen = (
      real: discriminatorMoves || recipe.generatorSeesReal ? shown.real?.viewed(view, draw.random(.realView)) : nil,
      fake: shown.fake.viewed(view, draw.random(.fakeView))
    )
    let verdicts = withAutocast(precision) { self.verdicts(seen.real, seen.fake) }
    clock?.lap(.discriminatorForward)
    var losses: [Player: Loss] = [:]
    if discriminatorMoves, let real = shown.real, let realSeen = seen.real, let ofReal = verdicts.real {
      let loss =
        discriminatorLoss(real, ofReal, shown.fake, verdicts.fake)
        + penalties(
          DiscriminatorPenalties.Side(batch: real, seen: realSeen, scores: ofReal.scores),
          DiscriminatorPenalties.Side(batch: shown.fake, seen: seen.fake, scores: verdicts.fake.scores))
      measurements.take(try finite(loss, of: .discriminator), of: \.lossDiscriminator, part: draw.part)
      measurements.take(displayed(ofReal.scores), of: \.scoreReal, part: draw.part)
      measurements.take(displayed(verdicts.fake.scores), of: \.scoreFake, part: draw.part)
      losses[.discriminator] = loss
    }
    if generatorMoves {
      let loss = generatorLoss(verdicts.real, shown.fake, verdicts.fake)
      measurements.take(try finite(loss, of: .generator), of: \.lossGenerator, part: draw.part)
      losses[.generator] = loss
    }
    clock?.lap(.losses)
    return slopes(losses, shown.fake.images, verdicts.fake.scores)
  }

  /// What D says of what it sees.
  private func verdicts(_ real: TrainingBatch?, _ fake: TrainingBatch) -> (real: Verdict?, fake: Verdict) {
    func verdict(_ batch: TrainingBatch) -> Verdict { game.discriminator(batch.images, classes: batch.classes, pass) }
    guard let real else { return (nil, verdict(fake)) }
    // Where D does not move, nobody learns from real images.
    guard discriminatorMoves else { return (withoutGradient { verdict(real) }, verdict(fake)) }
    return phase.judgesTogether ? verdict(real.followed(by: fake)).halves : (verdict(real), verdict(fake))
  }

  private func discriminatorLoss(
    _ real: TrainingBatch, _ ofReal: Verdict, _ fake: TrainingBatch, _ ofFake: Verdict
  ) -> Loss {
    var loss = objective.discriminatorLoss(real: ofReal.scores, fake: ofFake.scores)
    for (verdict, batch) in [(ofReal, real), (ofFake, fake)] {
      if let term = classLoss(verdict, batch) { loss = loss + term }
    }
    return loss
  }

  private func generatorLoss(_ ofReal: Verdict?, _ fake: TrainingBatch, _ ofFake: Verdict) -> Loss {
    let best = TopK(share: recipe.topK, steps: recipe.topKSteps)(ofFake.scores, step: draw.step)
    var loss = objective.generatorLoss(real: ofReal?.scores ?? best, fake: best)
    if let term = classLoss(ofFake, fake) { loss = loss + term }
    if recipe.featureMatching > 0, let ofReal {
      loss = loss + FeatureMatching(weight: recipe.featureMatching)(real: ofReal.features, fake: ofFake.features)
    }
    return loss
  }

  private func classLoss(_ verdict: Verdict, _ batch: TrainingBatch) -> Loss? {
    guard let logits = verdict.classLogits, let classes = batch.classes else { return nil }
    return recipe.auxiliaryWeight * ClassLoss()(logits, classes: classes)
  }

  /// The gradient of each player's loss with regard to its own parameters; nothing else is asked for, so that no other
  /// gradient is computed.
  private func slopes(_ losses: [Player: Loss], _ fake: Images, _ fakeScores: Scores) -> [Player: [Tensor?]] {
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

  private func finite(_ loss: Loss, of player: Player) throws -> Double {
    let value = loss.value
    guard value.isFinite else { throw NonFiniteError(what: "the \(player)'s loss") }
    return value
  }

  /// The mean score as people are shown it.
  private func displayed(_ scores: Scores) -> Double {
    withoutGradient { (objective.isLogistic ? scores.tensor.sigmoid() : scores.tensor).mean().item }
  }
}

/// What a part of D's phase was shown, for which G answers in its own.
struct Shown {
  /// The real images; nil where G's loss does not ask about them.
  let real: TrainingBatch?
  /// The classes of the generated images; nil in a game without classes.
  let classes: Tensor?

  /// What of it G is asked about in a game by `recipe`.
  func forGenerator(_ recipe: Recipe) -> Shown { Shown(real: recipe.generatorSeesReal ? real : nil, classes: classes) }
}

extension Verdict {
  /// The verdicts on the first and on the second half of the images.
  fileprivate var halves: (real: Verdict, fake: Verdict) {
    let count = scores.tensor.size(0) / 2
    func half(_ rows: Range<Int>) -> Verdict {
      Verdict(scores: Scores(scores.tensor[rows]), features: features[rows], classLogits: classLogits?[rows])
    }
    return (half(0..<count), half(count..<2 * count))
  }
}
