/// The adversarial game (Goodfellow et al. 2014, algorithm 1): a generator draws images from random numbers, a discriminator
/// tells them from real ones, and each learns from the other's last move.
public final class AdversarialGame: Game {
  /// The rules.
  public let recipe: AdversarialRecipe
  /// What draws images.
  public let generator: any Generator
  /// What scores them.
  public let discriminator: any Discriminator
  /// G and D.
  public let players: [Player]
  package let d, g: Player
  let objective: any Objective
  /// What LeCam remembers of D's scores.
  let scoreAverages: ScoreAverages?
  /// How often images are augmented, where that is not always.
  let strength: AugmentationStrength?
  /// What keeps G's images changing evenly with their styles, in a game with path lengths.
  private let pathLength: PathLength?
  /// The number of the average that is shipped, in a game that has several.
  private let chosenAverage: Tensor?
  /// What draws the classes of generated images, in a conditional game.
  private let classDraws: ClassDraws?
  /// The type of the parameters.
  package let dtype: DType
  /// The images that D saw in its last turn, with their path into G, where G's turn can use them again.
  private var kept: Labelled?

  /// A game at its beginning, its weights drawn by `seed`.
  ///
  /// - Parameters:
  ///   - samples: what the data are: pictures or points.
  ///   - classes: the classes of the images, for a recipe that is conditional on them.
  ///   - device: where it is played.
  /// - Throws: ``TrainingError`` when the recipe contradicts itself, or its networks cannot draw this shape or would not fit
  ///   into memory.
  public convenience init(
    _ recipe: AdversarialRecipe, shape: SampleShape, of samples: ColumnFormat.Kind = .pictures,
    classes: ClassTable? = nil, seed: UInt64, device: Device = .cpu
  ) throws(TrainingError) {
    try self.init(recipe, shape: shape, of: samples, classes: classes, seed: seed, dtype: .float32, device: device)
  }

  /// A game whose parameters are of type `dtype`; float64 shows that two ways agree to rounding.
  package init(
    _ recipe: AdversarialRecipe, shape: SampleShape, of samples: ColumnFormat.Kind = .pictures,
    classes: ClassTable? = nil, seed: UInt64, dtype: DType, device: Device = .cpu
  ) throws(TrainingError) {
    try recipe.validate()
    try recipe.validate(shape)
    var description = try recipe.networkDescription(shape: shape, classes: classes)
    description.samples = samples
    try description.validate()
    try description.checkMemory()
    func random(_ purpose: Purpose) -> RandomGenerator { RandomGenerator(seed: derivedSeed(seed, purpose.rawValue)) }
    func drawnGenerator() throws(TrainingError) -> any Generator {
      try description.makeGenerator(random: random(.generatorWeights), dtype: dtype, device: device)
    }
    let generator = try drawnGenerator()
    let discriminator = try description.makeDiscriminator(
      random: random(.discriminatorWeights), recipe.discriminatorSettings, dtype: dtype, device: device)
    var averages: [Average] = []
    for (number, decay) in recipe.averageDecays.enumerated() {
      averages.append(
        Average(
          Self.averageName(number), of: generator, in: try drawnGenerator(), decay: decay,
          warmsUp: recipe.averageWarmUp))
    }
    let clipping = recipe.penalties.weightClip > 0 ? WeightClipping(limit: recipe.penalties.weightClip) : nil
    d = Player(
      "discriminator", symbol: "D", discriminator, recipe.discriminator,
      frozen: try discriminator.firstLayers(recipe.frozenLayers),
      projection: clipping.map { clip in { clip($0) } })
    g = Player("generator", symbol: "G", generator, recipe.generator, averages: averages)
    chosenAverage = averages.count > 1 ? .zeros([], dtype: .int64, device: device) : nil
    players = [g, d]
    (self.recipe, self.generator, self.discriminator, self.dtype) = (recipe, generator, discriminator, dtype)
    classDraws = generator.blueprint.classTable.map { ClassDraws($0, on: device) }
    objective = recipe.gameObjective
    scoreAverages = recipe.penalties.leCam > 0 ? ScoreAverages(device: device) : nil
    strength = AugmentationStrength(recipe, device: device)
    pathLength = recipe.pathLength > 0 ? PathLength(weight: recipe.pathLength, device: device) : nil
  }

  /// What checkpoints call the number of the average that is shipped.
  static let chosenAverage = "chosen_average"
  /// What checkpoints call average number `number`, from 0.
  static func averageName(_ number: Int) -> String { number == 0 ? "average" : "average\(number + 1)" }

  /// The averaged generator, the chosen one of several; the generator itself where there is no average.
  public var average: any Generator {
    guard !g.averages.isEmpty else { return generator }
    let chosen = chosenAverage.flatMap { Int(exactly: $0.item) } ?? 0
    return g.averages[g.averages.indices.contains(chosen) ? chosen : 0].network as? any Generator ?? generator
  }
  /// The averaged generator: what a run shows, judges and ships.
  public var product: any Model { average }
  /// Its averages, where there are several.
  public var candidates: [Candidate] {
    guard let chosenAverage else { return [] }
    return zip(g.averages, recipe.averageDecays).enumerated().compactMap { number, average in
      guard let model = average.0.network as? any Generator else { return nil }
      let horizon = Int((1 / (1 - average.1)).rounded())
      return Candidate("the average over \(horizon == 1 ? "1 step" : "\(horizon) steps")", model) {
        chosenAverage.fill(Double(number))
      }
    }
  }
  /// What penalties and augmentation remember, where a recipe has such: running means of scores and of path lengths, and the
  /// strength of adaptive augmentation; and which of several averages is shipped.
  public var memory: [(name: String, tensor: Tensor)] {
    [scoreAverages?.tensors, pathLength?.tensors, strength?.tensors].flatMap { $0 ?? [] }
      + (chosenAverage.map { [(Self.chosenAverage, $0)] } ?? [])
  }
  /// The images and their classes; the groups that were found, in a game that is conditional on these.
  public func feeds(of data: Dataset) throws -> [Feed] {
    guard recipe.isConditional && recipe.groups > 0 else { return [try Feed(data)] }
    return [try Feed(data, columns: [Batch.samples: Batch.samples, FoundGroups.column: Field<Classes>.classes.name])]
  }

  /// Pictures of each group beside generated ones, where there are groups.
  public func exhibits(of data: Dataset, seed: UInt64) throws -> [(name: String, preview: Preview)] {
    guard recipe.isConditional && recipe.groups > 0 else { return [] }
    return try FoundGroups.preview(of: data, beside: product, seed: seed).map { [(FoundGroups.column, $0)] } ?? []
  }

  /// Both losses, the mean scores of real and generated images, and the norm of G's gradient.
  public var scalars: [Scalar] {
    Scalar.adversarial(scoresAreProbabilities: objective.isLogistic) + (pathLength == nil ? [] : [.pathLength])
      + (strength?.isAdaptive == true ? [.overfitting, .augmentation] : [])
  }
  /// What goes wrong with this game.
  public var alarms: [any Alarm] { recipe.alarms }

  /// D's turns, then G's, which answers for the images that D saw last; or one turn of both. Where G has a turn for path lengths,
  /// it comes before: after its turn against D of the step before, as in StyleGAN2's code.
  public func phases(at step: Int) -> [Phase] {
    let even = pathLength.map { pathLength in
      Phase("path length", moves: g, every: recipe.pathLengthInterval, sameBatch: true) { [unowned self] turn in
        try lengths(turn, pathLength)
      }
    }
    let (first, before) = ([even].compactMap(\.self), even == nil ? 0 : 1)
    switch recipe.update {
    case .simultaneous, .oneStage:
      return first
        + [
          Phase("both", moves: [d, g], sameBatch: even != nil) { [unowned self] turn in together(turn, move: turn.step)
          }
        ]
    case .alternating:
      let turnsOfD = (0..<recipe.criticSteps).map { number -> Phase in
        Phase("d", moves: d, sameBatch: number == 0 && even != nil) { [unowned self] turn in
          discriminatorLoss(
            turn, move: turn.step * recipe.criticSteps + turn.phase - before, isLast: number == recipe.criticSteps - 1)
        }
      }
      return first + turnsOfD
        + [Phase("g", moves: g, sameBatch: true) { [unowned self] turn in generatorLoss(turn) }]
    }
  }

  /// G's turn for path lengths, at half as many images as a batch has (Karras et al. 2020, appendix B).
  private func lengths(_ turn: Turn, _ pathLength: PathLength) throws -> Loss {
    guard let generator = generator as? any StyledGenerator else {
      preconditionFailure("a recipe with path_length has a network with styles")
    }
    let count = max(1, turn.batch.count / 2)
    let latents = turn.latents(size: generator.latentSize).slice(0, from: 0, count: count).to(dtype)
    let classes = classDraws?(turn.batch.count, seed: turn.seed(.classes), first: turn.firstRow)[0..<count]
    let styles = generator.styles(latents, classes: classes, turn.pass)
    let images = turn.withPrecision { generator.images(styles, turn.pass) }
    turn.lap(.generatorForward)
    let noise = turn.random(.pathNoise).normal(images.tensor.shape)
    let (loss, lengths) = turn.withPrecision { pathLength(images, of: styles, noise: noise, part: turn.part) }
    turn.report(.pathLength, lengths.mean())
    turn.lap(.losses)
    return loss
  }

  /// D's turn: tell real images from generated ones.
  ///
  /// - Parameter move: how many moves D has made before.
  private func discriminatorLoss(_ turn: Turn, move: Int, isLast: Bool) -> Loss {
    // Accumulated gradients take several batches, of which only one could be kept.
    let isKept = isLast && turn.parts == 1
    let real = real(turn)
    let made = generated(turn, phase: turn.phase, learns: isKept)
    kept = isKept ? made : nil
    turn.lap(.generatorForward)
    return discriminatorLoss(shown(real, made, to: [d], turn, move), turn, move)
  }

  /// G's turn: draw what D takes for real. G has not moved since D's last turn, so the images are those that D saw then, be they
  /// kept or drawn again from the same latents and classes.
  private func generatorLoss(_ turn: Turn) -> Loss {
    let made = kept ?? generated(turn, phase: turn.phase - 1, learns: true)
    kept = nil
    turn.lap(.generatorForward)
    return generatorLoss(shown(recipe.generatorSeesReal ? real(turn) : nil, made, to: [g], turn, nil), turn)
  }

  /// Both turns at the same parameters, by the same images.
  private func together(_ turn: Turn, move: Int) -> Outcome {
    let real = real(turn)
    let made = generated(turn, phase: turn.phase, learns: true)
    turn.lap(.generatorForward)
    let shown = shown(real, made, to: [d, g], turn, move)
    let (lossD, lossG) = (discriminatorLoss(shown, turn, move), generatorLoss(shown, turn))
    turn.lap(.losses)
    guard recipe.update == .oneStage else { return .losses([(d, lossD), (g, lossG)]) }
    // D's backward pass goes on to the images, where G's begins. A penalty has no path to them.
    let (images, scores) = (made.images.tensor, shown.fake.verdict.scores)
    let oneStage = OneStage(lossD, lossG, of: scores)
    var ofD = gradients(
      of: [lossD.tensor, scores.tensor], weights: [lossD.tensor.detached().onesLike(), oneStage.raise],
      with: d.parameters + [images])
    let ofImages = ofD.removeLast() ?? images.zerosLike()
    turn.lap(.backward(d))
    let ofG = gradients(of: [images], weights: [ofImages * oneStage.factor.reshaped(-1, 1, 1, 1)], with: g.parameters)
    turn.lap(.backward(g))
    return .gradients([(d, lossD, ofD), (g, lossG, ofG)])
  }

  /// The real images of a turn, and their classes in a conditional game.
  private func real(_ turn: Turn) -> Labelled {
    defer { turn.lap(.realImages) }
    return Labelled(turn.batch[.images], recipe.isConditional ? turn.batch.column(.classes) : nil)
  }

  /// Generated images of a turn of the phase that stands at `phase`.
  ///
  /// - Parameter learns: whether G is to learn from them.
  private func generated(_ turn: Turn, phase: Int, learns: Bool) -> Labelled {
    let drawn = classDraws?(turn.batch.count, seed: turn.seed(.classes, ofPhase: phase), first: turn.firstRow)
    let paired = recipe.pairsClasses && recipe.isConditional ? turn.batch.column(.classes)?.tensor : nil
    let classes = drawn.map { paired ?? $0 }
    let latents = turn.latents(size: generator.latentSize, ofPhase: phase).to(dtype)
    let draw = { turn.withPrecision { self.generator(latents, classes: classes, turn.pass(ofPhase: phase)) } }
    let images = learns ? draw() : withoutGradient(draw)
    return Labelled(images, classes.map { Classes($0) })
  }
}

/// What a step of the adversarial game measures.
extension Scalar {
  /// The discriminator's loss.
  public static let lossDiscriminator = Scalar("loss_discriminator", title: "D", group: .losses)
  /// The generator's loss.
  public static let lossGenerator = Scalar("loss_generator", title: "G", group: .losses)
  /// The mean of D(x): a probability where the objective is logistic, else raw and unbounded.
  public static let scoreReal = Scalar("score_real", title: "D(x)", group: .scores)
  /// The mean of D(G(z)): a probability where the objective is logistic, else raw and unbounded.
  public static let scoreFake = Scalar("score_fake", title: "D(G(z))", group: .scores)
  /// How surely D tells training images from generated ones: ``AugmentationStrength``.
  public static let overfitting = Scalar("overfitting", title: "overfitting of D", group: .augmentation)
  /// The probability with which images are augmented.
  public static let augmentation = Scalar("augmentation", title: "augmentation", group: .augmentation)
  /// The mean length of G's paths: ``PathLength``.
  public static let pathLength = Scalar("path_length", title: "path length", group: .paths)
  /// The norm of the generator's gradient over all its parameters, before any clipping.
  public static let gradientGenerator = Scalar("gradient_generator", title: "G", group: .gradients)

  /// The scalars of a game, in order.
  static func adversarial(scoresAreProbabilities: Bool) -> [Scalar] {
    let scores = [scoreReal, scoreFake].map { score in
      scoresAreProbabilities
        ? Scalar(score.name, title: score.title, group: .probabilities, isProbability: true) : score
    }
    return [lossDiscriminator, lossGenerator] + scores + [gradientGenerator]
  }
}

extension Objective {
  /// The mean score as people are shown it.
  func displayed(_ scores: Scores) -> Tensor {
    withoutGradient { (isLogistic ? scores.tensor.sigmoid() : scores.tensor).mean() }
  }
}

extension Scalar.Group {
  static let augmentation = Scalar.Group(title: "Adaptive augmentation", label: "")
  static let paths = Scalar.Group(title: "Path length", label: "")
  static let scores = Scalar.Group(title: "Scores", label: "")
  static let probabilities = Scalar.Group(title: "Probability of being real", label: "")
}
