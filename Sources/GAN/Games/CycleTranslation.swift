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
  public var alarms: [any Alarm] { [DivergenceAlarm(self), InversionAlarm()] }
  /// The images of both pools.
  public var memory: [(name: String, tensor: Tensor)] {
    pools.map { [("pool.targets", $0.targets.images), ("pool.sources", $0.sources.images)] } ?? []
  }

  /// Sources and targets, each in an order of its own.
  public func feeds(of data: Dataset) throws -> [Feed] { try recipe.input.collections(of: data) }

  /// The generators' turn, then the discriminators' on the same pictures.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("g", moves: g) { [unowned self] turn in generatorLoss(turn) },
      Phase("d", moves: d, sameBatch: true) { [unowned self] turn in discriminatorLoss(turn) },
    ]
  }

  /// Eq. 3, and the identity loss of section 5.2.
  private func generatorLoss(_ turn: Turn) -> Loss {
    let (sources, targets) = (turn.batch[.images], turn.batch[.target])
    let hasIdentity = recipe.identityWeight > 0
    // What a generator translates, and what it should leave as it is: in one pass, unless batch norm would mix them.
    func translated(_ pictures: Images, _ own: Images, _ network: any TranslationNetwork) -> (Images, Images?) {
      let translate = { (images: Images) in turn.withPrecision { network(images, turn.pass) } }
      guard hasIdentity else { return (translate(pictures), nil) }
      guard recipe.norm != .batch else { return (translate(pictures), translate(own)) }
      let made = translate(Images(.concatenated([pictures.tensor, own.tensor]))).tensor
      return (Images(made[0..<pictures.count]), Images(made[pictures.count..<made.size(0)]))
    }
    let (fakeTargets, sameTargets) = translated(sources, targets, forward)
    let (fakeSources, sameSources) = translated(targets, sources, reverse)
    drawn[turn.part] = (fakeTargets, fakeSources)
    let backToSources = turn.withPrecision { reverse(fakeTargets, turn.pass) }
    let backToTargets = turn.withPrecision { forward(fakeSources, turn.pass) }
    let cycle = Reconstruction.l1(backToSources, sources) + Reconstruction.l1(backToTargets, targets)
    turn.report(.cycleDistance, (0.5 * cycle).tensor)
    turn.report(.brightnessCorrelation, withoutGradient { BrightnessCorrelation.mean(sources, fakeTargets.detached()) })
    var loss =
      objective.generatorLoss(fake: scores(fakeTargets, ofTargets, turn))
      + objective.generatorLoss(fake: scores(fakeSources, ofSources, turn)) + recipe.cycleWeight * cycle
    if let sameTargets, let sameSources {
      let identity = Reconstruction.l1(sameTargets, targets) + Reconstruction.l1(sameSources, sources)
      turn.report(.identityDistance, (0.5 * identity).tensor)
      loss = loss + recipe.identityWeight * recipe.cycleWeight * identity
    }
    return loss
  }

  /// Both discriminators, of images that the pools choose.
  private func discriminatorLoss(_ turn: Turn) -> Loss {
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
    let targets = verdict(turn.batch[.target], fakes.targets.detached(), ofTargets, turn)
    let sources = verdict(turn.batch[.images], fakes.sources.detached(), ofSources, turn)
    objective.report(
      real: Scores(.concatenated([targets.real.tensor, sources.real.tensor])),
      fake: Scores(.concatenated([targets.fake.tensor, sources.fake.tensor])), turn)
    return objective.discriminatorLoss(real: targets.real, fake: targets.fake)
      + objective.discriminatorLoss(real: sources.real, fake: sources.fake)
  }

  /// A discriminator's scores of real and of generated pictures; without batch norm it sees both in one pass.
  private func verdict(
    _ real: Images, _ fake: Images, _ discriminator: PatchDiscriminator, _ turn: Turn
  ) -> (real: Scores, fake: Scores) {
    guard recipe.norm != .batch else { return (scores(real, discriminator, turn), scores(fake, discriminator, turn)) }
    let both = scores(Images(.concatenated([real.tensor, fake.tensor])), discriminator, turn).tensor
    return (Scores(both[0..<real.count]), Scores(both[real.count..<both.size(0)]))
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
