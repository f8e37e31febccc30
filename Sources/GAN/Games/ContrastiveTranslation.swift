/// CUT and FastCUT (Park et al. 2020, arXiv:2007.15651): one generator translates from one collection of pictures to another
/// without pairs. A patch of a translation is to be more like the patch of the source at its place than like the source's other
/// patches, in features of the generator's own way down, which a head F projects.
///
/// As in the authors' PyTorch code, G draws once a step, D moves first, then G and F along one gradient.
public final class ContrastiveTranslation: TranslationGame {
  /// The layers whose features are compared (appendix C): the padded image, both convolutions on the way down, and the
  /// residual blocks 1 and 5.
  static let layers = [0, 4, 8, 12, 16]

  /// The rules.
  public let recipe: ContrastiveRecipe
  /// What translates.
  public let generator: Translator
  /// What scores patches of pictures.
  public let discriminator: PatchDiscriminator
  /// What projects features.
  public let projection: PatchProjection
  /// G, D and F.
  public let players: [Player]
  private let g, d, f: Player
  private let network: CycleGANGenerator
  private let objective: PatchObjective
  private let contrast: PatchContrast
  /// What G drew in this step, by part of the batch.
  private var drawn: [Int: Drawing] = [:]

  /// What G made of a batch.
  private struct Drawing {
    /// Whether pictures were mirrored before they were translated.
    let isMirrored: Bool
    /// The translations of sources.
    let fake: Images
    /// The features of the sources, not mirrored.
    let sources: [Tensor]
    /// What became of targets, and the features of these, not mirrored; nil without the identity term.
    let same: (images: Images, targets: [Tensor])?
  }

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
    _ recipe: ContrastiveRecipe, from source: ColumnFormat, to target: ColumnFormat, seed: UInt64,
    dtype: DType = .float32, device: Device = .cpu
  ) throws {
    try recipe.validate()
    try recipe.validate(from: source, to: target)
    func state(_ purpose: Purpose) -> StateDict {
      StateDict(random: RandomGenerator(seed: derivedSeed(seed, purpose.rawValue)), dtype: dtype, device: device)
    }
    let initializer = Initializer.glorotNormal.scaled(by: 0.02)
    func makeGenerator() throws -> Translator {
      try Translator(state(.generatorWeights), recipe.network, from: source, to: target, initializer: initializer)
    }
    let generator = try withTorchErrors(makeGenerator)
    guard let network = generator.network as? CycleGANGenerator else {
      throw TrainingError("\(recipe.name) compares features of a residual generator")
    }
    (discriminator, projection) = try withTorchErrors {
      (
        PatchDiscriminator(
          state(.discriminatorWeights), channels: target.shape[2], baseWidth: recipe.common.discriminatorWidth,
          layers: recipe.discriminatorLayers, norm: recipe.norm, sampling: .antialiased, initializer: initializer),
        PatchProjection(
          state(Purpose("projection")), channels: network.featureChannels(at: Self.layers),
          width: recipe.projectionWidth, initializer: initializer)
      )
    }
    (self.recipe, self.generator, self.network) = (recipe, generator, network)
    objective = try PatchObjective(recipe.common.objective, of: recipe.name)
    contrast = PatchContrast(temperature: recipe.temperature)
    g = try recipe.player(of: generator, again: makeGenerator)
    d = Player("discriminator", symbol: "D", discriminator, recipe.discriminator)
    f = Player("projection", symbol: "F", projection, recipe.projection)
    players = [g, d, f]
  }

  /// The losses of G and D, the contrastive loss, the mean scores, how alike in brightness sources and translations are, and
  /// the norm of G's gradient.
  public var scalars: [Scalar] {
    var scalars = Scalar.adversarial(scoresAreProbabilities: objective.isLogistic)
    scalars.insert(contentsOf: [.patchContrast, .brightnessCorrelation], at: 2)
    return scalars
  }
  /// Divergence, and translations that are bright where their sources are dark.
  public var alarms: [any Alarm] { [DivergenceAlarm(self), InversionAlarm()] }

  /// Sources and targets, each in an order of its own.
  public func feeds(of data: Dataset) throws -> [Feed] { try recipe.input.collections(of: data) }

  /// D's turn, then that of G and F on the same pictures.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("d", moves: d) { [unowned self] turn in
        let drawing = draw(turn)
        drawn[turn.part] = drawing
        let (real, fake) = (scores(turn.batch[.target], turn), scores(drawing.fake.detached(), turn))
        objective.report(real: real, fake: fake, turn)
        return objective.discriminatorLoss(real: real, fake: fake)
      },
      Phase("g", moves: [g, f], sameBatch: true) { [unowned self] turn in
        let drawing = drawn.removeValue(forKey: turn.part) ?? draw(turn)
        let loss = generatorLoss(drawing, turn)
        // One backward pass serves both.
        let found = gradients(of: loss.tensor, with: g.parameters + f.parameters)
        return .gradients([
          (g, loss, Array(found.prefix(g.parameters.count))), (f, loss, Array(found.dropFirst(g.parameters.count))),
        ])
      },
    ]
  }

  /// G's translations. The features of what it takes are those of the same pass, unless that was mirrored: a network is not
  /// the same in the mirror.
  private func draw(_ turn: Turn) -> Drawing {
    let (sources, targets) = (turn.batch[.images], turn.batch[.target])
    let isMirrored = recipe.mirrors && turn.seed(Purpose("mirror")).isMultiple(of: 2)
    let taken = recipe.identity ? Images(.concatenated([sources.tensor, targets.tensor])) : sources
    let (made, maps) = turn.withPrecision {
      network.translation(isMirrored ? mirrored(taken) : taken, features: Self.layers, turn.pass)
    }
    let features = (isMirrored ? features(taken, turn, learns: false) : maps).map { $0.detached() }
    func part(_ tensor: Tensor, _ rows: Range<Int>) -> Tensor { recipe.identity ? tensor[rows] : tensor }
    let (first, second) = (0..<sources.count, sources.count..<taken.count)
    return Drawing(
      isMirrored: isMirrored, fake: Images(part(made.tensor, first)), sources: features.map { part($0, first) },
      same: recipe.identity ? (Images(made.tensor[second]), features.map { $0[second] }) : nil)
  }

  /// Eq. 4 and 5, weighted as in section 4.
  private func generatorLoss(_ drawing: Drawing, _ turn: Turn) -> Loss {
    turn.report(
      .brightnessCorrelation,
      withoutGradient {
        BrightnessCorrelation.mean(
          turn.batch[.images], drawing.isMirrored ? mirrored(drawing.fake.detached()) : drawing.fake.detached())
      })
    let places = places(drawing.sources, turn)
    var loss = contrast(drawing.fake, with: drawing.sources, at: places, isMirrored: drawing.isMirrored, turn)
    if let same = drawing.same {
      let identity = contrast(same.images, with: same.targets, at: places, isMirrored: drawing.isMirrored, turn)
      loss = 0.5 * (loss + identity)
    }
    turn.report(.patchContrast, loss.tensor)
    return objective.generatorLoss(fake: scores(drawing.fake, turn)) + recipe.contrastWeight * loss
  }

  /// The mean over all layers of the contrastive loss of translations and what they were made of.
  private func contrast(
    _ images: Images, with sources: [Tensor], at places: [Tensor], isMirrored: Bool, _ turn: Turn
  ) -> Loss {
    let made = features(images, turn, learns: true).map { isMirrored ? $0.flipped(3) : $0 }
    let (queries, keys) = turn.withPrecision {
      (projection(made, at: places), withoutGradient { projection(sources, at: places) })
    }
    let losses = zip(queries, keys).map { contrast($0, $1, images: images.count) }
    return (1 / Double(losses.count)) * losses.dropFirst().reduce(losses[0], +)
  }

  private func features(_ images: Images, _ turn: Turn, learns: Bool) -> [Tensor] {
    let compute = { turn.withPrecision { self.network.features(images, at: Self.layers, turn.pass) } }
    return learns ? compute() : withoutGradient(compute)
  }

  /// For each layer, places of its maps without repetition, the same for all images and all parts of the batch.
  private func places(_ maps: [Tensor], _ turn: Turn) -> [Tensor] {
    let random = RandomStream(seed: turn.seed(Purpose("patches")), device: turn.device)
    return maps.map { map in
      let pixels = map.size(2) * map.size(3)
      let order = sortOrder(.tensor(random.uniform([pixels], 0, 1)))
      return order[0..<min(recipe.patches, pixels)]
    }
  }

  private func mirrored(_ images: Images) -> Images { Images(images.tensor.flipped(3)) }

  private func scores(_ images: Images, _ turn: Turn) -> Scores {
    turn.withPrecision { discriminator(images, turn.pass) }
  }
}

private let sortOrder = Operation("aten::argsort")

extension Scalar {
  /// The mean of ``PatchContrast`` over all layers, of sources and, with the identity term, targets: log(patches) by chance.
  public static let patchContrast = Scalar(
    "patch_contrast", title: "PatchNCE", group: Group(title: "Contrast of patches", label: ""))
}
