/// The settings of ``CycleTranslation``.
public struct CycleRecipe: TranslatingRecipe {
  /// What `recipe.json` calls the game.
  public static let game = "cycle-translation"

  /// What people call it, as in "cyclegan".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What it learns from, and begins with.
  public var input = TranslationInput()

  /// The residual blocks of each generator: 6 for pictures of 128 pixels, 9 for 256 in the paper.
  public var blocks = 6
  /// The channels of the generators' first maps (`ngf`), 64 in the paper.
  public var baseWidth = 32
  /// The channels of the discriminators' first maps (`ndf`), 64 in the paper.
  public var discriminatorWidth = 32
  /// The discriminators' convolutions with stride 2: 1 for patches of 16 pixels, 2 for 34, 3 for 70.
  public var discriminatorLayers = 3
  /// How all networks normalise their maps.
  public var norm = MapNorm.instance
  /// The rate of dropout in the residual blocks, 0 in the paper.
  public var dropout = 0.0

  /// What each player minimises.
  public var objective = ObjectiveKind.leastSquares
  /// The weight of the mean absolute difference of pictures to what comes back, in both directions.
  public var cycleWeight = 10.0
  /// The weight of the identity loss as a share of ``cycleWeight``, 0 for none: 0.5 in the authors' code.
  public var identityWeight = 0.5
  /// How many translations of each direction the discriminators are shown again; 0 for only the newest.
  public var pool = 50
  /// How much of the averaged generators a step keeps, 0 for no average.
  public var averageDecay = 0.0

  /// The size of a step, its arithmetic, and how many steps there are.
  public var training: TrainingSettings
  /// How both generators move.
  public var generator = PlayerSettings()
  /// How both discriminators move.
  public var discriminator = PlayerSettings()

  /// The default settings, for a run of `steps` steps.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    training = TrainingSettings(steps: steps)
    training.batch = 1
    for player in [\CycleRecipe.generator, \.discriminator] {
      (self[keyPath: player].schedule, self[keyPath: player].scheduleHold) = (.linear, 0.5)
    }
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

  /// Fits the schedules of learning rates to a run of `steps` steps.
  public mutating func fit(toSteps steps: Int) {
    let steps = min(max(steps, 1), Setting<Self>.mostSteps)
    generator.fit(toSteps: steps)
    discriminator.fit(toSteps: steps)
  }

  /// The generators.
  var network: TranslatorDescription {
    TranslatorDescription(
      .cycleGAN(blocks: blocks, sampling: .strided), baseWidth: baseWidth, norm: norm, dropout: dropout,
      inference: .asInTraining, translatesBack: true)
  }

  /// Throws when a setting lies outside its range, or settings contradict each other, with the sentence that says which and why.
  public func validate() throws(TrainingError) {
    try validateRanges()
    _ = try PatchObjective(objective, of: name)
    try generator.validate("generator")
    try discriminator.validate("discriminator")
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
          + "\(target.shape[2]) channels: set identity_weight=0, or load both in the same colours")
    }
  }

  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    let parts = key.split(separator: ".")
    guard parts.count == 2 else { return nil }
    let player = parts[0] == "generator" ? generator : discriminator
    return player.useOfUnreadSetting(String(parts[1]), String(parts[0]))
  }

  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<CycleRecipe>] =
    TranslationInput.settings.map { $0.of(\.input) } + [
      .whole("blocks", \.blocks, 1...64),
      .whole("base_width", \.baseWidth, 1...512),
      .whole("discriminator_width", \.discriminatorWidth, 1...512),
      .whole("discriminator_layers", \.discriminatorLayers, 1...6),
      .choice("norm", \.norm),
      .number("dropout", \.dropout, 0...0.99),
      .choice("objective", \.objective),
      .number("cycle_weight", \.cycleWeight),
      .number("identity_weight", \.identityWeight),
      .whole("pool", \.pool, 0...10_000),
      .number("average_decay", \.averageDecay, 0...0.9999999),
    ] + TrainingSettings.settings.map { $0.of(\.training) }
    + PlayerSettings.settings.map { $0.of(\.generator, prefix: "generator") }
    + PlayerSettings.settings.map { $0.of(\.discriminator, prefix: "discriminator") }
}
