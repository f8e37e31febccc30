/// pix2pix (Isola et al. 2017, arXiv:1611.07004): G draws the target of a source; D scores patches of pairs of a source and a
/// target, real or drawn.
///
/// As in the authors' PyTorch code, G draws once a step: D learns from the drawing, then G from what D, which has moved, says
/// of the same drawing. G's random numbers are its dropout.
public final class PairedTranslation: Game {
  /// The rules.
  public let recipe: TranslationRecipe
  /// What translates.
  public let generator: Translator
  /// What scores pairs, patch by patch.
  public let discriminator: PatchDiscriminator
  /// G and D.
  public let players: [Player]
  private let d, g: Player
  private let objective: any AbsoluteObjective
  /// What G drew in this step, with its path into G, by part of the batch.
  private var drawn: [Int: Images] = [:]

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
    _ recipe: TranslationRecipe, from source: ColumnFormat, to target: ColumnFormat, seed: UInt64,
    dtype: DType = .float32, device: Device = .cpu
  ) throws {
    try recipe.validate()
    try recipe.validate(from: source, to: target)
    func state(_ purpose: Purpose) -> StateDict {
      StateDict(random: RandomGenerator(seed: derivedSeed(seed, purpose.rawValue)), dtype: dtype, device: device)
    }
    let (generator, discriminator) = try withTorchErrors {
      (
        try Translator(state(.generatorWeights), recipe.network(for: target), from: source, to: target),
        PatchDiscriminator(
          state(.discriminatorWeights), channels: source.shape[2] + target.shape[2],
          baseWidth: recipe.discriminatorWidth,
          layers: recipe.discriminatorLayers, norm: recipe.norm)
      )
    }
    g = Player("generator", symbol: "G", generator, recipe.generator)
    d = Player("discriminator", symbol: "D", discriminator, recipe.discriminator)
    players = [g, d]
    (self.recipe, self.generator, self.discriminator) = (recipe, generator, discriminator)
    objective = try recipe.gameObjective()
  }

  /// The generator.
  public var product: any Model { generator }
  /// Both losses, the distance of translations to their targets, the mean scores, and the norm of G's gradient.
  public var scalars: [Scalar] {
    var scalars = Scalar.adversarial(scoresAreProbabilities: objective.isLogistic)
    scalars.insert(.targetDistance, at: 2)
    return scalars
  }

  /// The pairs, jittered (section 6.2): stretched, cut at a random place, and mirrored or not, source and target alike.
  public func feeds(of data: Dataset) throws -> [Feed] {
    let (width, height) = (data.shape.width, data.shape.height)
    func larger(_ side: Int) -> Int { max(side, Int((recipe.jitter * Double(side)).rounded())) }
    var views: [any RowView] = []
    if (larger(width), larger(height)) != (width, height) {
      views = [Stretch(width: larger(width), height: larger(height)), RandomCrop(width: width, height: height)]
    }
    if recipe.flip { views.append(HorizontalFlip()) }
    let columns = [Field.images.name, Field.target.name]
    return [try Feed(data, columns: Dictionary(uniqueKeysWithValues: columns.map { ($0, $0) }), views: views)]
  }

  /// D's turn, then G's on the same pairs.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("d", moves: d) { [unowned self] turn in
        let (source, target) = (turn.batch[.images], turn.batch[.target])
        let fake = translations(of: source, turn)
        drawn[turn.part] = fake
        let scores = (real: scores(source, target, turn), fake: scores(source, fake.detached(), turn))
        turn.report(.scoreReal, objective.displayed(scores.real))
        turn.report(.scoreFake, objective.displayed(scores.fake))
        // "We divide the objective by 2 while optimizing D" (section 3.3).
        return 0.5 * objective.discriminatorLoss(real: scores.real, fake: scores.fake)
      },
      Phase("g", moves: g, sameBatch: true) { [unowned self] turn in
        let (source, target) = (turn.batch[.images], turn.batch[.target])
        let fake = drawn.removeValue(forKey: turn.part) ?? translations(of: source, turn)
        let distance = Reconstruction.l1(fake, target)
        turn.report(.targetDistance, distance.tensor)
        return objective.generatorLoss(fake: scores(source, fake, turn)) + recipe.l1Weight * distance
      },
    ]
  }

  private func translations(of source: Images, _ turn: Turn) -> Images {
    turn.withPrecision { generator.network(source, turn.pass) }
  }

  private func scores(_ source: Images, _ images: Images, _ turn: Turn) -> Scores {
    turn.withPrecision { discriminator(source, images, turn.pass) }
  }
}

extension PairedTranslation {
  /// The pairs of a preview, and how many of them lie in a row where pictures are small.
  private static let (previewPairs, mostInARow) = (12, 3)
  /// About the width of a preview in pixels.
  private static let previewWidth = 800

  /// Source, translation and truth side by side, of the first held-out pairs where there are any.
  public func preview(_ data: Dataset, heldOut: Dataset?, seed: UInt64) throws -> Preview {
    let shown = heldOut ?? data
    guard let truth = shown[Field.target.name] else { throw TrainingError("\(shown.name) has no targets to show") }
    let rows = 0..<min(Self.previewPairs, shown.count)
    let sources = try Sampler(generator, seed: seed, of: shown).inputs(rows)
    return try withTorchErrors {
      let columns = [
        sources[.images].tensor, generator(sources)[.target].tensor,
        truth.format.domain.tensor(truth.rows(at: rows), on: generator.device),
      ]
      let pictures = rows.flatMap { row in
        columns.map { Self.shown($0[row..<(row + 1)], channels: truth.format.shape[2]) }
      }
      let inARow = max(1, min(Self.mostInARow, Self.previewWidth / (3 * truth.format.shape[1])))
      return try truth.format.domain.preview(.concatenated(pictures), over: nil, columns: 3 * inARow)
    }
  }

  /// A picture as one of so many channels: its first in each, where it has others.
  private static func shown(_ picture: Tensor, channels: Int) -> Tensor {
    if picture.size(1) == channels { return picture }
    return .concatenated(Array(repeating: picture.slice(1, from: 0, count: 1), count: channels), axis: 1)
  }
}

extension Scalar {
  /// The mean absolute difference between the translations of a batch and their targets, in [0, 2].
  public static let targetDistance = Scalar(
    "target_distance", title: "L1", group: Group(title: "Distance to the targets", label: ""))
}
