import Files

/// The recipe of a game of image translation, with what all of these have in common.
public protocol TranslatingRecipe: Recipe {
  /// The settings of all games of translation.
  var common: TranslationSettings { get set }
  /// Its players' settings by their names.
  static var players: [(name: String, settings: WritableKeyPath<Self, PlayerSettings> & Sendable)] { get }
  /// Takes over how the generator of a file is built.
  ///
  /// - Throws: ``TrainingError`` for a network that the game does not play with.
  mutating func adopt(_ network: TranslatorDescription) throws(TrainingError)
  /// Chooses networks, batch and losses for data of two sides, as ``AutoTranslation`` does.
  ///
  /// - Throws: `DataError` when the data have one side.
  mutating func choose(for data: Dataset) throws
  /// What ``choose(for:)`` has chosen and why, one sentence per choice.
  func choices(for data: Dataset) throws -> [String]
}

// The common settings by their own names.
extension TranslatingRecipe {
  /// What it learns from, and begins with.
  public var input: TranslationInput {
    get { common.input }
    set { common.input = newValue }
  }
  /// The channels of the generator's outermost maps.
  public var baseWidth: Int {
    get { common.baseWidth }
    set { common.baseWidth = newValue }
  }
  /// How often the discriminator halves the sides of its maps.
  public var discriminatorLayers: Int {
    get { common.discriminatorLayers }
    set { common.discriminatorLayers = newValue }
  }
  /// How networks normalise their maps.
  public var norm: MapNorm {
    get { common.norm }
    set { common.norm = newValue }
  }
  /// How much of the averaged generator a step keeps, 0 for no average.
  public var averageDecay: Double {
    get { common.averageDecay }
    set { common.averageDecay = newValue }
  }
  /// How the game is trained.
  public var training: TrainingSettings {
    get { common.training }
    set { common.training = newValue }
  }
  /// How generators move.
  public var generator: PlayerSettings {
    get { common.generator }
    set { common.generator = newValue }
  }
  /// How discriminators move.
  public var discriminator: PlayerSettings {
    get { common.discriminator }
    set { common.discriminator = newValue }
  }
}

extension TranslatingRecipe {
  /// Generator and discriminator.
  public static var players: [(name: String, settings: WritableKeyPath<Self, PlayerSettings> & Sendable)] {
    [("generator", \.common.generator), ("discriminator", \.common.discriminator)]
  }

  /// All settings of a recipe: those that it alone has, `own`, stand among the common ones, before those of training and
  /// players.
  static func settings(with own: [Setting<Self>]) -> [Setting<Self>] {
    TranslationSettings.settings.map { $0.of(\.common) } + own
      + TrainingSettings.settings.map { $0.of(\.common.training) }
      + players.flatMap { player in PlayerSettings.settings.map { $0.of(player.settings, prefix: player.name) } }
  }

  /// The sides that are loaded.
  public var sides: Sides? { input.sides }
  /// 64x64: what two cores train in minutes.
  public var usualSize: (width: Int, height: Int)? { (64, 64) }

  /// Fits the schedules of learning rates to a run of `steps` steps.
  public mutating func fit(toSteps steps: Int) {
    let steps = min(max(steps, 1), Setting<Self>.mostSteps)
    for player in Self.players { self[keyPath: player.settings].fit(toSteps: steps) }
  }

  /// Throws when a setting lies outside its range, or settings contradict each other, with the sentence that says which and why.
  public func validate() throws(TrainingError) {
    try validateRanges()
    _ = try PatchObjective(common.objective, of: name)
    for player in Self.players { try self[keyPath: player.settings].validate(player.name) }
  }

  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    let parts = key.split(separator: ".").map(String.init)
    guard parts.count == 2, let player = Self.players.first(where: { $0.name == parts[0] }) else { return nil }
    return self[keyPath: player.settings].useOfUnreadSetting(parts[1], player.name)
  }

  /// Makes the generator the network of the file at `path`, whose weights it begins with: one of this package or of the
  /// authors of pix2pix, CycleGAN and CUT.
  ///
  /// - Throws: `FileError` for a file of no translator, or of a network that the game does not play with.
  public mutating func begin(with path: String) throws {
    let path = FileSystem.absolute(path)
    guard let translator = try ModelFile.read(path, .standard) as? Translator else {
      throw FileError(path, "this is no translator of pictures")
    }
    do {
      try adopt(translator.description)
    } catch {
      throw FileError(path, "\(error)")
    }
    input.startFrom = path
  }

  /// Without the file that it began with.
  public var resumed: Self {
    var resumed = self
    resumed.input.startFrom = nil
    return resumed
  }
}

extension TranslationRecipe {
  /// Takes over a U-Net.
  public mutating func adopt(_ network: TranslatorDescription) throws(TrainingError) {
    guard case .unet(let depth) = network.architecture else {
      throw TrainingError(
        "\(name) trains a U-Net, and the file holds a residual generator, as cyclegan and cut train it")
    }
    (self.depth, baseWidth, norm) = (depth, network.baseWidth, network.norm)
    (dropout, inference) = (network.dropout, network.inference)
  }
}

extension CycleRecipe {
  /// Takes over a residual generator, for both directions.
  public mutating func adopt(_ network: TranslatorDescription) throws(TrainingError) {
    guard case .cycleGAN(let blocks, .strided) = network.architecture else {
      throw TrainingError(
        "\(name) trains residual generators with strides, and the file holds another network; 'gan train cut' goes on with an "
          + "antialiased one")
    }
    (self.blocks, baseWidth, norm, dropout) = (blocks, network.baseWidth, network.norm, network.dropout)
  }
}

extension ContrastiveRecipe {
  /// Takes over an antialiased residual generator.
  public mutating func adopt(_ network: TranslatorDescription) throws(TrainingError) {
    guard case .cycleGAN(let blocks, .antialiased) = network.architecture, network.dropout == 0, !network.translatesBack
    else {
      throw TrainingError(
        "\(name) trains an antialiased residual generator without dropout, and the file holds another network")
    }
    (self.blocks, baseWidth, norm) = (blocks, network.baseWidth, network.norm)
  }
}
