/// The settings of ``ContrastiveTranslation``.
public struct ContrastiveRecipe: TranslatingRecipe {
  /// What `recipe.json` calls the game.
  public static let game = "contrastive-translation"

  /// What people call it, as in "cut".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What it has in common with other games of translation.
  public var common: TranslationSettings

  /// The residual blocks of the generator, 9 in the paper; the features of the fifth are compared.
  public var blocks = 6
  /// The features that the head projects to, 256 in the paper.
  public var projectionWidth = 256
  /// The weight of the contrastive loss: 1 in CUT, 10 in FastCUT.
  public var contrastWeight = 1.0
  /// Whether targets, which should stay as they are, are compared with what becomes of them as well.
  public var identity = true
  /// Whether half of all steps translate pictures in the mirror, so that what the generator does does not depend on it.
  public var mirrors = false
  /// The patches of each layer that are compared, 256 in the paper, or all of a smaller map.
  public var patches = 256
  /// What similarities are divided by, 0.07 in the paper.
  public var temperature = 0.07
  /// How the head moves.
  public var projection = TranslationSettings.player

  /// Generator, discriminator and head.
  public static var players: [(name: String, settings: WritableKeyPath<ContrastiveRecipe, PlayerSettings> & Sendable)] {
    [("generator", \.common.generator), ("discriminator", \.common.discriminator), ("projection", \.projection)]
  }

  /// The default settings, for a run of `steps` steps.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    common = TranslationSettings(norm: .instance, objective: .leastSquares, steps: steps)
  }

  /// CUT with the settings of its paper (Park et al. 2020, section 4 and appendix C), on networks of half its width with six
  /// residual blocks, which two cores bear.
  public static var cut: ContrastiveRecipe {
    ContrastiveRecipe(
      "cut", purpose: "translation from one collection to another without pairs, by patches (Park et al. 2020)",
      steps: 20_000)
  }

  /// FastCUT: without the identity term, which takes half of CUT's time, with more weight on the contrast, in the mirror for
  /// half of all steps (section 4), and with three quarters of the run before the learning rate falls.
  public static var fastcut: ContrastiveRecipe {
    var recipe = ContrastiveRecipe(
      "fastcut", purpose: "CUT without its identity term: more steps in the same time (Park et al. 2020)", steps: 20_000
    )
    (recipe.contrastWeight, recipe.identity, recipe.mirrors) = (10, false, true)
    for player in players { recipe[keyPath: player.settings].scheduleHold = 0.75 }
    return recipe
  }

  /// CUT, FastCUT, or a recipe of another name with CUT's settings.
  public init(recorded name: String) {
    self = name == Self.fastcut.name ? .fastcut : .cut
    if name != self.name { (self.name, purpose) = (name, "") }
  }

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    let (source, target) = try input.sides(of: data, for: name)
    return try ContrastiveTranslation(self, from: source, to: target, seed: seed, device: device)
  }

  /// The generator.
  var network: TranslatorDescription {
    TranslatorDescription(
      .cycleGAN(blocks: blocks, sampling: .antialiased), baseWidth: baseWidth, norm: norm, dropout: 0,
      inference: .asInTraining)
  }

  /// Throws when the data have no two sides that these networks take.
  public func validate(for data: Dataset) throws(TrainingError) {
    let (source, target) = try input.sides(of: data, for: name)
    try validate(from: source, to: target)
  }

  /// Throws when these networks cannot translate such pictures.
  func validate(from source: ColumnFormat, to target: ColumnFormat) throws(TrainingError) {
    try input.validate(name, from: source, to: target)
    let (height, width) = (target.shape[0], target.shape[1])
    try TranslationInput.validateResidual(name, height: height, width: width)
    try TranslationInput.validate(discriminatorLayers: discriminatorLayers, height: height, width: width)
    guard source.shape[2] == target.shape[2] else {
      throw TrainingError(
        "\(name) compares translations with their sources by one network, and these have \(target.shape[2]) and "
          + "\(source.shape[2]) channels: bring both to grey or to colour first, or take cyclegan with identity_weight=0"
      )
    }
  }

  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<ContrastiveRecipe>] = settings(with: [
    .whole("blocks", \.blocks, 5...64),
    .whole("projection_width", \.projectionWidth, 1...4096),
    .number("contrast_weight", \.contrastWeight),
    .truth("identity", \.identity),
    .truth("mirrors", \.mirrors),
    .whole("patches", \.patches, 2...65_536),
    .number("temperature", \.temperature, 0.001...100),
  ])
}
