/// pix2pix (Isola et al. 2017, arXiv:1611.07004): G draws the target of a source; D scores patches of pairs of a source and a
/// target, real or drawn.
///
/// As in the authors' PyTorch code, G draws once a step: D learns from the drawing, then G from what D, which has moved, says
/// of the same drawing. G's random numbers are its dropout.
public final class PairedTranslation: TranslationGame {
  /// The rules.
  public let recipe: TranslationRecipe
  /// What translates.
  public let generator: Translator
  /// What scores pairs, patch by patch.
  public let discriminator: PatchDiscriminator
  /// G and D.
  public let players: [Player]
  private let d, g: Player
  private let objective: PatchObjective
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
    func makeGenerator() throws -> Translator {
      try Translator(state(.generatorWeights), recipe.network(for: target), from: source, to: target)
    }
    let (generator, discriminator) = try withTorchErrors {
      (
        try makeGenerator(),
        PatchDiscriminator(
          state(.discriminatorWeights), channels: source.shape[2] + target.shape[2],
          baseWidth: recipe.common.discriminatorWidth,
          layers: recipe.discriminatorLayers, norm: recipe.norm)
      )
    }
    g = try recipe.player(of: generator, again: makeGenerator)
    d = Player("discriminator", symbol: "D", discriminator, recipe.discriminator)
    players = [g, d]
    (self.recipe, self.generator, self.discriminator) = (recipe, generator, discriminator)
    objective = try PatchObjective(recipe.common.objective, of: recipe.name)
  }

  /// Both losses, the distance of translations to their targets, the mean scores, and the norm of G's gradient.
  public var scalars: [Scalar] {
    var scalars = Scalar.adversarial(scoresAreProbabilities: objective.isLogistic)
    scalars.insert(.targetDistance, at: 2)
    return scalars
  }

  /// The pairs, jittered (section 6.2), source and target alike.
  public func feeds(of data: Dataset) throws -> [Feed] { try recipe.input.pairs(of: data) }

  /// D's turn, then G's on the same pairs.
  public func phases(at step: Int) -> [Phase] {
    [
      Phase("d", moves: d) { [unowned self] turn in
        let (source, target) = (turn.batch[.images], turn.batch[.target])
        let fake = translations(of: source, turn)
        drawn[turn.part] = fake
        let scores = (real: scores(source, target, turn), fake: scores(source, fake.detached(), turn))
        objective.report(real: scores.real, fake: scores.fake, turn)
        return objective.discriminatorLoss(real: scores.real, fake: scores.fake)
      },
      Phase("g", moves: g, sameBatch: true) { [unowned self] turn in
        let (source, target) = (turn.batch[.images], turn.batch[.target])
        let fake = drawn.removeValue(forKey: turn.part) ?? translations(of: source, turn)
        let distance = Reconstruction.l1(fake, target)
        turn.report(.targetDistance, distance.tensor)
        let (scores, features) = judgement(source, fake, turn)
        var loss = objective.generatorLoss(fake: scores) + recipe.l1Weight * distance
        if recipe.featureWeight > 0 {
          let real = withoutGradient { judgement(source, target, turn).features }
          loss = loss + recipe.featureWeight * FeatureDistance.l1(features, real)
        }
        return loss
      },
    ]
  }

  private func translations(of source: Images, _ turn: Turn) -> Images {
    turn.withPrecision { generator.network(source, turn.pass) }
  }

  private func scores(_ source: Images, _ images: Images, _ turn: Turn) -> Scores {
    turn.withPrecision { discriminator(source, images, turn.pass) }
  }

  /// What D says of pairs, and its features of them.
  private func judgement(_ source: Images, _ images: Images, _ turn: Turn) -> (scores: Scores, features: [Tensor]) {
    turn.withPrecision { discriminator.withFeatures(source, images, turn.pass) }
  }
}

extension Scalar {
  /// The mean absolute difference between the translations of a batch and their targets, in [0, 2].
  public static let targetDistance = Scalar("target_distance", title: "L1", group: .translation)
}
