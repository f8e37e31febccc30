/// The settings of ``PairedTranslation``.
public struct TranslationRecipe: TranslatingRecipe {
  /// What `recipe.json` calls the game.
  public static let game = "paired-translation"

  /// What people call it, as in "pix2pix".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What it learns from, and begins with.
  public var input = TranslationInput()

  /// How often the U-Net halves the sides of its maps, 2 to 10; 0 for as often as makes one pixel of a picture.
  public var depth = 0
  /// The channels of the U-Net's outermost maps (`ngf`), 64 in the paper.
  public var baseWidth = 32
  /// The channels of the discriminator's first maps (`ndf`), 64 in the paper.
  public var discriminatorWidth = 32
  /// The discriminator's convolutions with stride 2: 1 for patches of 16 pixels, 2 for 34, 3 for 70.
  public var discriminatorLayers = 3
  /// How both networks normalise their maps.
  public var norm = MapNorm.batch
  /// The U-Net's dropout rate, on pictures of 64 pixels or more.
  public var dropout = 0.5

  /// What each player minimises.
  public var objective = ObjectiveKind.nonSaturating
  /// The weight of the mean absolute difference to the target in G's loss.
  public var l1Weight = 100.0

  /// What the shipped U-Net computes by.
  public var inference = TranslatorDescription.Inference.asInTraining
  /// How much of the averaged generator a step keeps, 0 for no average.
  public var averageDecay = 0.0

  /// The size of a step, its arithmetic, and how many steps there are.
  public var training: TrainingSettings
  /// How G moves.
  public var generator = PlayerSettings()
  /// How D moves.
  public var discriminator = PlayerSettings()

  /// The default settings: those of pix2pix.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    training = TrainingSettings(steps: steps)
    for player in [\TranslationRecipe.generator, \.discriminator] {
      (self[keyPath: player].schedule, self[keyPath: player].scheduleHold) = (.linear, 0.5)
    }
  }

  /// pix2pix with the settings of its paper (Isola et al. 2017, section 6.2) and the schedule of the authors' PyTorch code, on
  /// networks of half its width and in batches of four instead of one, which two cores bear: the paper's 200 epochs of 400
  /// pairs are 20,000 steps.
  public static var pix2pix: TranslationRecipe {
    var recipe = TranslationRecipe(
      "pix2pix", purpose: "image-to-image translation from pairs: U-Net, PatchGAN and L1 (Isola et al. 2017)",
      steps: 20_000)
    recipe.batch = 4
    return recipe
  }

  /// pix2pix, or a recipe of another name with the same settings.
  public init(recorded name: String) {
    self = .pix2pix
    if name != self.name { (self.name, purpose) = (name, "") }
  }

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    let (source, target) = try pair(of: data)
    return try PairedTranslation(self, from: source, to: target, seed: seed, device: device)
  }

  /// Fits the schedules of learning rates to a run of `steps` steps.
  public mutating func fit(toSteps steps: Int) {
    let steps = min(max(steps, 1), Setting<Self>.mostSteps)
    generator.fit(toSteps: steps)
    discriminator.fit(toSteps: steps)
  }

  /// The U-Net for pictures of this format.
  func network(for format: ColumnFormat) -> TranslatorDescription {
    TranslatorDescription(
      .unet(depth: depth > 0 ? depth : min(format.shape.prefix(2).map(\.trailingZeroBitCount).min() ?? 0, 10)),
      baseWidth: baseWidth, norm: norm, dropout: dropout, inference: inference)
  }
}

// What cannot be, and why.
extension TranslationRecipe {
  /// Throws when a setting lies outside its range, or settings contradict each other, with the sentence that says which and why.
  public func validate() throws(TrainingError) {
    try validateRanges()
    _ = try PatchObjective(objective, of: name)
    try generator.validate("generator")
    try discriminator.validate("discriminator")
  }

  /// Throws when the data are no pairs that these networks take.
  public func validate(for data: Dataset) throws(TrainingError) {
    let (source, target) = try pair(of: data)
    try validate(from: source, to: target)
  }

  /// Throws when these networks cannot translate such pictures.
  func validate(from source: ColumnFormat, to target: ColumnFormat) throws(TrainingError) {
    try input.validate(name, from: source, to: target)
    let (height, width) = (target.shape[0], target.shape[1])
    guard case .unet(let depth) = network(for: target).architecture else { return }
    let factor = 1 << depth
    guard height.isMultiple(of: factor), width.isMultiple(of: factor), depth >= 3 else {
      throw TrainingError(
        self.depth > 0
          ? "a U-Net of depth=\(depth) takes pictures whose sides are multiples of \(factor), and these have "
            + "\(width)x\(height): load them with --size \(factor)x\(factor), or set another depth"
          : "\(name)'s U-Net halves the sides of pictures three times or more, and these have \(width)x\(height): load them "
            + "with --size 64x64, 128x128 or 256x256")
    }
    try TranslationInput.validate(discriminatorLayers: discriminatorLayers, height: height, width: width)
  }

  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    let parts = key.split(separator: ".")
    guard parts.count == 2 else { return nil }
    let player = parts[0] == "generator" ? generator : discriminator
    return player.useOfUnreadSetting(String(parts[1]), String(parts[0]))
  }

  /// The formats of source and target.
  private func pair(of data: Dataset) throws(TrainingError) -> (source: ColumnFormat, target: ColumnFormat) {
    if data[Field.target.name] != nil, let pair = TranslationInput.formats(of: data) { return pair }
    if let counterpart = data.counterpart {
      throw TrainingError(
        "\(name) learns from pairs, and \(data.name) holds two collections without pairs, \(data.count) and "
          + "\(counterpart.count) pictures: give pictures of two halves, or subfolders 'A' and 'B' with equal names in both; "
          + "cyclegan and cut need no pairs")
    }
    let names = data.columns.map { "'\($0.name)'" }.joined(separator: ", ")
    throw TrainingError(
      "\(name) learns from pairs, columns '\(Field.images.name)' and '\(Field.target.name)', and \(data.name) has \(names): "
        + "give pictures of two halves, or subfolders 'A' and 'B' with equal names in both")
  }
}

extension TranslationRecipe {
  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<TranslationRecipe>] =
    TranslationInput.settings.map { $0.of(\.input) } + own + TrainingSettings.settings.map { $0.of(\.training) }
    + PlayerSettings.settings.map { $0.of(\.generator, prefix: "generator") }
    + PlayerSettings.settings.map { $0.of(\.discriminator, prefix: "discriminator") }

  private static let own: [Setting<TranslationRecipe>] = [
    .whole("depth", \.depth, 0...10),
    .whole("base_width", \.baseWidth, 1...512),
    .whole("discriminator_width", \.discriminatorWidth, 1...512),
    .whole("discriminator_layers", \.discriminatorLayers, 1...6),
    .choice("norm", \.norm),
    .number("dropout", \.dropout, 0...0.99),
    .choice("objective", \.objective),
    .number("l1_weight", \.l1Weight),
    .choice("inference", \.inference),
    .number("average_decay", \.averageDecay, 0...0.9999999),
  ]
}
