/// The settings of ``CycleTranslation``.
public struct CycleRecipe: TranslatingRecipe {
  /// What `recipe.json` calls the game.
  public static let game = "cycle-translation"

  /// What people call it, as in "cyclegan".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What it has in common with other games of translation.
  public var common: TranslationSettings

  /// The residual blocks of each generator: 6 for pictures of 128 pixels, 9 for 256 in the paper.
  public var blocks = 6
  /// The rate of dropout in the residual blocks, 0 in the paper.
  public var dropout = 0.0
  /// The weight of the mean absolute difference of pictures to what comes back, in both directions.
  public var cycleWeight = 10.0
  /// The weight of the identity loss as a share of ``cycleWeight``, 0 for none: 0.5 in the authors' code.
  public var identityWeight = 0.5
  /// How many translations of each direction the discriminators are shown again; 0 for only the newest.
  public var pool = 50

  /// The default settings, for a run of `steps` steps.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    common = TranslationSettings(norm: .instance, objective: .leastSquares, steps: steps)
  }

  /// CycleGAN with the settings of its paper (Zhu et al. 2017, section 4 and 5.2), on networks of half its width with six
  /// residual blocks, which two cores bear.
  public static var cyclegan: CycleRecipe {
    CycleRecipe(
      "cyclegan", purpose: "translation between two collections without pairs, both ways (Zhu et al. 2017)",
      steps: 20_000)
  }

  /// CycleGAN, or a recipe of another name with the same settings.
  public init(recorded name: String) {
    self = .cyclegan
    if name != self.name { (self.name, purpose) = (name, "") }
  }

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    let (source, target) = try input.sides(of: data, for: name)
    return try CycleTranslation(self, from: source, to: target, seed: seed, device: device)
  }

  /// The generators.
  var network: TranslatorDescription {
    TranslatorDescription(
      .cycleGAN(blocks: blocks, sampling: .strided), baseWidth: baseWidth, norm: norm, dropout: dropout,
      inference: .asInTraining, translatesBack: true)
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
    guard identityWeight == 0 || source.shape[2] == target.shape[2] else {
      throw TrainingError(
        "the identity loss shows each generator pictures of the other side, and these have \(source.shape[2]) and "
          + "\(target.shape[2]) channels: set identity_weight=0")
    }
  }

  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<CycleRecipe>] = settings(with: [
    .whole("blocks", \.blocks, 1...64),
    .number("dropout", \.dropout, 0...0.99),
    .number("cycle_weight", \.cycleWeight),
    .number("identity_weight", \.identityWeight),
    .whole("pool", \.pool, 0...10_000),
  ])
}
