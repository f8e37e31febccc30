/// CycleGAN (Zhu et al. 2017, arXiv:1703.10593): two generators translate between two collections of pictures that need no
/// pairs. What one makes of a picture the other must turn back into it, and a discriminator for each collection scores
/// patches of its own pictures and of translations.
///
/// As in the authors' PyTorch code, both generators move first, by one optimizer, then both discriminators by another, which
/// see images of a pool.
public final class CycleTranslation: TranslationGame {
  /// The rules.
  public let recipe: CycleRecipe
  /// What translates both ways: G from sources to targets, F back.
  public let generator: Translator
  /// G and F together, and both discriminators.
  public let players: [Player]
  private let g, d: Player
  private let forward, reverse: any TranslationNetwork
  /// Of targets, which G makes, and of sources, which F makes.
  private let ofTargets, ofSources: PatchDiscriminator
  private let pools: (targets: ImagePool, sources: ImagePool)?
  private let objective: PatchObjective
  /// The translations of this step, by part of the batch: of sources, and of targets.
  private var drawn: [Int: (targets: Images, sources: Images)] = [:]

  /// A game at its beginning, its weights drawn by `seed`.
  ///
  /// - Parameters:
  ///   - source: the format of the column "images".
  ///   - target: the format of the column "target".
  ///   - dtype: the type of the parameters; float64 shows that two ways agree to rounding.
  ///   - device: where it is played.
  /// - Throws: ``TrainingError`` when the recipe contradicts itself or its networks cannot take such pictures; `TorchError`
  ///   when memory runs out.
  public init(
    _ recipe: CycleRecipe, from source: ColumnFormat, to target: ColumnFormat, seed: UInt64, dtype: DType = .float32,
    device: Device = .cpu
  ) throws {
    try recipe.validate()
    try recipe.validate(from: source, to: target)
    func state(_ purpose: Purpose) -> StateDict {
      StateDict(random: RandomGenerator(seed: derivedSeed(seed, purpose.rawValue)), dtype: dtype, device: device)
    }
    func makeGenerator() throws -> Translator {
      try Translator(state(.generatorWeights), recipe.network, from: source, to: target)
    }
    let drawn = state(.discriminatorWeights)
    func discriminator(_ format: ColumnFormat) -> PatchDiscriminator {
      PatchDiscriminator(
        StateDict(like: drawn), channels: format.shape[2], baseWidth: recipe.common.discriminatorWidth,
        layers: recipe.discriminatorLayers, norm: recipe.norm)
    }
    func pool(_ format: ColumnFormat) -> ImagePool {
      ImagePool(
        capacity: recipe.pool, channels: format.shape[2], height: format.shape[0], width: format.shape[1], dtype: dtype,
        device: device)
    }
    let made = try withTorchErrors { (try makeGenerator(), discriminator(target), discriminator(source)) }
    (generator, ofTargets, ofSources) = made
    guard let reverse = generator.reverse else { throw TrainingError("CycleGAN's generators translate both ways") }
    (forward, self.reverse, self.recipe) = (generator.network, reverse, recipe)
    pools = recipe.pool > 0 ? (targets: pool(target), sources: pool(source)) : nil
    objective = try PatchObjective(recipe.common.objective, of: recipe.name)
    g = try recipe.player(of: generator, again: makeGenerator)
    d = Player(
      "discriminator", symbol: "D", Both(["targets": ofTargets.state, "sources": ofSources.state]),
      recipe.discriminator)
    players = [g, d]
  }

  /// Two networks that move as one.
  private final class Both: Module {
    let state: StateDict
    init(_ parts: KeyValuePairs<String, StateDict>) { state = StateDict(joining: parts) }
  }

  /// Both losses, the distances of pictures to what comes back, the mean scores, how alike in brightness sources and
  /// translations are, and the norm of the generators' gradient.
  public var scalars: [Scalar] {
    var scalars = Scalar.adversarial(scoresAreProbabilities: objective.isLogistic)
    var own = [Scalar.cycleDistance]
    if recipe.identityWeight > 0 { own.append(.identityDistance) }
    scalars.insert(contentsOf: own + [.brightnessCorrelation], at: 2)
    return scalars
  }
  /// Divergence, and translations that are bright where their sources are dark.
  public var alarms: [any Alarm] { [DivergenceAlarm(self), InversionAlarm(setting: "identity_weight=1")] }
  /// The images of both pools.
  public var memory: [(name: String, tensor: Tensor)] {
    pools.map { [("pool.targets", $0.targets.images), ("pool.sources", $0.sources.images)] } ?? []
  }

  /// Sources and targets, each in an order of its own.
  public func feeds(of data: Dataset) throws -> [Feed] { try recipe.input.collections(of: data) }

  /// The generators' turn, then the discriminators' on the same pictures.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("g", moves: [g]) { [unowned self] turn in try generatorsMove(turn) },
      Phase("d", moves: [d], sameBatch: true) { [unowned self] turn in try discriminatorsMove(turn) },
    ]
  }

  /// What becomes of pictures of one side: there and back, and what the generator of the other side makes of its own.
  private struct RoundTrip {
    let loss: Loss
    let gradients: [Tensor?]
    let fake: Images
    let cycle: Tensor
    let identity: Tensor?
  }

  /// Eq. 3, and the identity loss of section 5.2.
  private func generatorsMove(_ turn: Turn) throws -> Outcome {
    let (sources, targets) = (turn.batch[.images], turn.batch[.target])
    let back = Pass.training(turn.random(Purpose("back")))
    let (first, second) = try recipe.both(
      turn,
      { roundTrip(sources, beside: targets, there: forward, back: reverse, judge: ofTargets, turn, turn.pass) },
      { roundTrip(targets, beside: sources, there: reverse, back: forward, judge: ofSources, turn, back) })
    turn.lap(StepPart("round trips of G"))
    drawn[turn.part] = (first.fake, second.fake)
    return withoutGradient {
      turn.report(.cycleDistance, 0.5 * (first.cycle + second.cycle))
      turn.report(.brightnessCorrelation, BrightnessCorrelation.mean(sources, first.fake))
      if let one = first.identity, let other = second.identity { turn.report(.identityDistance, 0.5 * (one + other)) }
      return .gradients([(g, first.loss + second.loss, first.gradients.adding(second.gradients))])
    }
  }

  /// The generators' loss of `pictures`, which `there` translates and `back` translates back, and the gradients of both.
  ///
  /// - Parameter own: pictures of the other side, which `there` should leave as they are.
  private func roundTrip(
    _ pictures: Images, beside own: Images, there: any TranslationNetwork, back: any TranslationNetwork,
    judge: PatchDiscriminator, _ turn: Turn, _ pass: Pass
  ) -> RoundTrip {
    let translate = { (images: Images) in turn.withPrecision { there(images, pass) } }
    let fake: Images
    var same: Images?
    if recipe.identityWeight == 0 {
      fake = translate(pictures)
    } else if recipe.norm == .batch {
      (fake, same) = (translate(pictures), translate(own))
    } else {
      // One pass, which batch norm would mix.
      let made = translate(Images(.concatenated([pictures.tensor, own.tensor]))).tensor
      (fake, same) = (Images(made[0..<pictures.count]), Images(made[pictures.count..<made.size(0)]))
    }
    let cycle = Reconstruction.l1(turn.withPrecision { back(fake, pass) }, pictures)
    let identity = same.map { Reconstruction.l1($0, own) }
    var loss = objective.generatorLoss(fake: scores(fake, judge, turn)) + recipe.cycleWeight * cycle
    if let identity { loss = loss + recipe.identityWeight * recipe.cycleWeight * identity }
    return RoundTrip(
      loss: Loss(loss.tensor.detached()), gradients: gradients(of: loss.tensor, with: g.parameters),
      fake: fake.detached(), cycle: cycle.tensor.detached(), identity: identity?.tensor.detached())
  }

  /// Both discriminators, of images that the pools choose.
  private func discriminatorsMove(_ turn: Turn) throws -> Outcome {
    guard var fakes = drawn.removeValue(forKey: turn.part) else {
      preconditionFailure("the discriminators' turn comes after the generators'")
    }
    if let pools {
      let draws = turn.uniformRows(Purpose("pool"), count: 4 * turn.batch.count).reshaped(turn.batch.count, 4)
      let first = turn.step * turn.parts * turn.batch.count + turn.firstRow
      fakes = (
        pools.targets.shown(fakes.targets, first: first, draws: draws.slice(1, from: 0, count: 2)),
        pools.sources.shown(fakes.sources, first: first, draws: draws.slice(1, from: 2, count: 2))
      )
    }
    let (targets, sources) = try recipe.both(
      turn, { verdict(turn.batch[.target], fakes.targets, ofTargets, turn) },
      { verdict(turn.batch[.images], fakes.sources, ofSources, turn) })
    turn.lap(StepPart("both D"))
    return withoutGradient {
      objective.report(
        real: Scores(.concatenated([targets.real.tensor, sources.real.tensor])),
        fake: Scores(.concatenated([targets.fake.tensor, sources.fake.tensor])), turn)
      return .gradients([(d, targets.loss + sources.loss, targets.gradients.adding(sources.gradients))])
    }
  }

  /// What a discriminator finds.
  private struct Verdict {
    let loss: Loss
    let gradients: [Tensor?]
    let real, fake: Scores
  }

  /// A discriminator's loss of real and of generated pictures; without batch norm it sees both in one pass.
  private func verdict(
    _ real: Images, _ fake: Images, _ discriminator: PatchDiscriminator, _ turn: Turn
  ) -> Verdict {
    let found: (real: Scores, fake: Scores)
    if recipe.norm == .batch {
      found = (scores(real, discriminator, turn), scores(fake, discriminator, turn))
    } else {
      let both = scores(Images(.concatenated([real.tensor, fake.tensor])), discriminator, turn).tensor
      found = (Scores(both[0..<real.count]), Scores(both[real.count..<both.size(0)]))
    }
    let loss = objective.discriminatorLoss(real: found.real, fake: found.fake)
    return Verdict(
      loss: Loss(loss.tensor.detached()), gradients: gradients(of: loss.tensor, with: d.parameters),
      real: Scores(found.real.tensor.detached()), fake: Scores(found.fake.tensor.detached()))
  }

  private func scores(_ images: Images, _ discriminator: PatchDiscriminator, _ turn: Turn) -> Scores {
    turn.withPrecision { discriminator(images, turn.pass) }
  }
}

extension Scalar {
  /// The mean absolute difference between pictures and what both generators in turn make of them, in [0, 2].
  public static let cycleDistance = Scalar("cycle_distance", title: "cycle L1", group: .translation)
  /// The mean absolute difference between pictures of a collection and what the generator that makes such pictures makes
  /// of them, in [0, 2].
  public static let identityDistance = Scalar("identity_distance", title: "identity L1", group: .translation)
}

extension Scalar.Group {
  static let translation = Scalar.Group(title: "Distance of translations", label: "")
}
