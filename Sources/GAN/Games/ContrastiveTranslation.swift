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
  private var drawn: [Int: Drawings] = [:]

  /// What G made of pictures, and the features of these, not mirrored.
  private struct Drawing {
    let made: Images
    let features: [Tensor]
  }

  /// What G made of a batch.
  private struct Drawings {
    /// Whether pictures were mirrored before they were translated.
    let isMirrored: Bool
    let sources: Drawing
    /// What became of targets; nil without the identity term.
    let targets: Drawing?
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
  public var alarms: [any Alarm] {
    [DivergenceAlarm(self), InversionAlarm(setting: recipe.identity ? nil : "identity=true")]
  }

  /// Sources and targets, each in an order of its own.
  public func feeds(of data: Dataset) throws -> [Feed] { try recipe.input.collections(of: data) }

  /// D's turn, then that of G and F on the same pictures.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("d", moves: [d]) { [unowned self] turn in try discriminatorMoves(turn) },
      Phase("g", moves: [g, f], sameBatch: true) { [unowned self] turn in try generatorMoves(turn) },
    ]
  }

  /// G's translations.
  private func draw(_ turn: Turn) throws -> Drawings {
    let (sources, targets) = (turn.batch[.images], turn.batch[.target])
    let isMirrored = recipe.mirrors && turn.seed(Purpose("mirror")).isMultiple(of: 2)
    guard recipe.identity else {
      return Drawings(isMirrored: isMirrored, sources: drawing(of: sources, isMirrored, turn), targets: nil)
    }
    let (first, second): (Drawing, Drawing)
    if recipe.norm == .batch {
      // As in the authors' code, in one pass, whose statistics are those of both.
      let all = drawing(of: Images(.concatenated([sources.tensor, targets.tensor])), isMirrored, turn)
      func part(_ rows: Range<Int>) -> Drawing {
        Drawing(made: Images(all.made.tensor[rows]), features: all.features.map { $0[rows] })
      }
      (first, second) = (part(0..<sources.count), part(sources.count..<all.made.count))
    } else {
      (first, second) = try turn.concurrently(
        { drawing(of: sources, isMirrored, turn) }, { drawing(of: targets, isMirrored, turn) })
    }
    return Drawings(isMirrored: isMirrored, sources: first, targets: second)
  }

  /// What G makes of `pictures`. Their features are those of the same pass, unless that was mirrored: a network is not the same
  /// in the mirror.
  private func drawing(of pictures: Images, _ isMirrored: Bool, _ turn: Turn) -> Drawing {
    let (made, maps) = turn.withPrecision {
      network.translation(isMirrored ? mirrored(pictures) : pictures, features: Self.layers, turn.pass)
    }
    let features = isMirrored ? features(pictures, turn, learns: false) : maps
    return Drawing(made: made, features: features.map { $0.detached() })
  }

  private func discriminatorMoves(_ turn: Turn) throws -> Outcome {
    let drawings = try draw(turn)
    drawn[turn.part] = drawings
    let (real, fake) = try recipe.both(
      turn, { scores(turn.batch[.target], turn) }, { scores(drawings.sources.made.detached(), turn) })
    // The loss of the scores alone says how far each pass has to go back.
    let ends = [real, fake].map { $0.tensor.detached().requiringGradient() }
    let loss = objective.discriminatorLoss(real: Scores(ends[0]), fake: Scores(ends[1]))
    let slopes = zip(gradients(of: loss.tensor, with: ends), ends).map { $0 ?? $1.zerosLike() }
    let (ofReal, ofFake) = try recipe.both(
      turn, { gradients(of: [real.tensor], weights: [slopes[0]], with: d.parameters) },
      { gradients(of: [fake.tensor], weights: [slopes[1]], with: d.parameters) })
    turn.lap(StepPart("drawing and D"))
    objective.report(real: Scores(ends[0].detached()), fake: Scores(ends[1].detached()), turn)
    return .gradients([(d, Loss(loss.tensor.detached()), ofReal.adding(ofFake))])
  }

  /// A loss of G and F, the contrastive part of it, and both players' gradients of the whole.
  private struct Learnt {
    let loss, contrast: Loss
    let gradients: [Tensor?]

    static func + (a: Learnt, b: Learnt) -> Learnt {
      Learnt(loss: a.loss + b.loss, contrast: a.contrast + b.contrast, gradients: a.gradients.adding(b.gradients))
    }
  }

  /// Eq. 4 and 5, weighted as in section 4. The terms of sources and of targets share no pass, unless batch norm has drawn both
  /// in one.
  private func generatorMoves(_ turn: Turn) throws -> Outcome {
    let drawings = try drawn.removeValue(forKey: turn.part) ?? draw(turn)
    let (fake, places) = (drawings.sources.made, places(drawings.sources.features, turn))
    let (parameters, share) = (g.parameters + f.parameters, drawings.targets == nil ? 1 : 0.5)
    func contrast(_ drawing: Drawing) -> Loss {
      share * self.contrast(drawing, at: places, drawings.isMirrored, turn)
    }
    func learn(_ contrast: Loss, withScores: Bool) -> Learnt {
      var loss = recipe.contrastWeight * contrast
      if withScores { loss = loss + objective.generatorLoss(fake: scores(fake, turn)) }
      return Learnt(
        loss: Loss(loss.tensor.detached()), contrast: Loss(contrast.tensor.detached()),
        gradients: gradients(of: loss.tensor, with: parameters))
    }

    let learnt: Learnt
    if let targets = drawings.targets, recipe.norm != .batch {
      let (ofSources, ofTargets) = try turn.concurrently(
        { learn(contrast(drawings.sources), withScores: true) }, { learn(contrast(targets), withScores: false) })
      learnt = ofSources + ofTargets
    } else {
      let ofTargets = drawings.targets.map(contrast)
      let ofSources = contrast(drawings.sources)
      learnt = learn(ofTargets.map { ofSources + $0 } ?? ofSources, withScores: true)
    }
    turn.lap(StepPart("G and F"))
    turn.report(.patchContrast, learnt.contrast.tensor)
    let translations = fake.detached()
    turn.report(
      .brightnessCorrelation,
      withoutGradient {
        BrightnessCorrelation.mean(
          turn.batch[.images], drawings.isMirrored ? mirrored(translations) : translations)
      })
    let count = g.parameters.count
    return .gradients([
      (g, learnt.loss, Array(learnt.gradients.prefix(count))),
      (f, learnt.loss, Array(learnt.gradients.dropFirst(count))),
    ])
  }

  /// The mean over all layers of the contrastive loss of translations and what they were made of.
  private func contrast(_ drawing: Drawing, at places: [Tensor], _ isMirrored: Bool, _ turn: Turn) -> Loss {
    let made = features(drawing.made, turn, learns: true).map { isMirrored ? $0.flipped(3) : $0 }
    let (queries, keys) = turn.withPrecision {
      (projection(made, at: places), withoutGradient { projection(drawing.features, at: places) })
    }
    let losses = zip(queries, keys).map { contrast($0, $1, images: drawing.made.count) }
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
