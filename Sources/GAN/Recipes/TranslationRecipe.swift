/// The settings of ``PairedTranslation``.
public struct TranslationRecipe: Recipe {
  /// What `recipe.json` calls the game.
  public static let game = "paired-translation"

  /// What people call it, as in "pix2pix".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// The channels of the U-Net's outermost maps (`ngf`), 64 in the paper.
  public var baseWidth = 32
  /// The channels of the discriminator's first maps (`ndf`), 64 in the paper.
  public var discriminatorWidth = 32
  /// The discriminator's convolutions with stride 2: 1 for patches of 16 pixels, 2 for 34, 3 for 70.
  public var discriminatorLayers = 3
  /// Which side of a pair is the source.
  public var direction = SideDirection.aToB
  /// How the pairs lie in their folder.
  public var layout = SideLayout.auto

  /// How both networks normalise their maps.
  public var norm = MapNorm.batch
  /// The U-Net's dropout rate, on pictures of 64 pixels or more.
  public var dropout = 0.5

  /// What each player minimises.
  public var objective = ObjectiveKind.nonSaturating
  /// The weight of the mean absolute difference to the target in G's loss.
  public var l1Weight = 100.0

  /// How many times larger pairs become before a random part of their former size is cut out of them; 1 for no jitter.
  public var jitter = 286.0 / 256
  /// Whether half of the pairs are mirrored.
  public var flip = true

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
  }

  /// pix2pix with the settings of its paper (Isola et al. 2017, section 6.2), on networks of half its width and in batches of four
  /// instead of one, which two cores bear: the paper's 200 epochs of 400 pairs are 20,000 steps.
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

  /// Pairs.
  public var sides: Sides? { Sides(direction, layout: layout) }
  /// 64x64: what two cores train in minutes.
  public var usualSize: (width: Int, height: Int)? { (64, 64) }

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

  /// The U-Net that makes one pixel of pictures of this format.
  func network(for format: ColumnFormat) -> TranslatorDescription {
    TranslatorDescription(
      .unet(depth: format.shape[0].trailingZeroBitCount), baseWidth: baseWidth, norm: norm, dropout: dropout)
  }

  /// What each player minimises.
  ///
  /// - Throws: ``TrainingError`` for an objective that pix2pix's networks cannot play.
  func gameObjective() throws(TrainingError) -> any AbsoluteObjective {
    guard objective != .wasserstein, let absolute = objective.objective as? any AbsoluteObjective else {
      throw TrainingError(
        "\(name) cannot play objective=\(objective.rawValue), which compares scores or needs a Lipschitz critic: "
          + "set it to non-saturating, least-squares, minimax or hinge"
      )
    }
    return absolute
  }
}

// What cannot be, and why.
extension TranslationRecipe {
  /// Throws when a setting lies outside its range, or settings contradict each other, with the sentence that says which and why.
  public func validate() throws(TrainingError) {
    try validateRanges()
    _ = try gameObjective()
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
    guard source.kind == .pictures, target.kind == .pictures, source.shape.count == 3, target.shape.count == 3 else {
      throw TrainingError(
        "\(name) translates pictures, and these are rows of \(source.kind.rawValue) \(source.shape) with targets of "
          + "\(target.kind.rawValue) \(target.shape)")
    }
    let (height, width) = (target.shape[0], target.shape[1])
    guard source.shape.prefix(2) == target.shape.prefix(2) else {
      throw TrainingError(
        "\(name) translates pictures into ones of their size, not \(source.shape[1])x\(source.shape[0]) into \(width)x\(height)"
      )
    }
    guard height == width, (8...1024).contains(height), height & (height - 1) == 0 else {
      throw TrainingError(
        "\(name) takes square pictures whose side is a power of 2 from 8 to 1024, and these have \(width)x\(height): load "
          + "them with --size 64x64, 128x128 or 256x256")
    }
    let least = 3 << discriminatorLayers
    guard height >= least else {
      let layers = (height / 3).bitWidth - (height / 3).leadingZeroBitCount - 1
      throw TrainingError(
        "discriminator_layers=\(discriminatorLayers) takes pictures of \(least)x\(least) pixels or more, and these have "
          + "\(width)x\(height): set discriminator_layers=\(max(layers, 1)) or load them larger")
    }
    if jitter > 1, source.element != .uint8 || target.element != .uint8 {
      throw TrainingError("jitter stretches pictures of bytes, and these are floats: set jitter=1")
    }
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
    guard let source = data[Field.images.name]?.format, let target = data[Field.target.name]?.format else {
      if let counterpart = data.counterpart {
        throw TrainingError(
          "\(name) learns from pairs, and \(data.name) holds two collections without pairs, \(data.count) and "
            + "\(counterpart.count) pictures: give pictures of two halves, or subfolders 'A' and 'B' with equal names in both; "
            + "'cyclegan' and 'cut' need no pairs")
      }
      let names = data.columns.map { "'\($0.name)'" }.joined(separator: ", ")
      throw TrainingError(
        "\(name) learns from pairs, columns '\(Field.images.name)' and '\(Field.target.name)', and \(data.name) has \(names): "
          + "give pictures of two halves, or subfolders 'A' and 'B' with equal names in both")
    }
    return (source, target)
  }
}

extension TranslationRecipe {
  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<TranslationRecipe>] =
    own + TrainingSettings.settings.map { $0.of(\.training) }
    + PlayerSettings.settings.map { $0.of(\.generator, prefix: "generator") }
    + PlayerSettings.settings.map { $0.of(\.discriminator, prefix: "discriminator") }

  private static let own: [Setting<TranslationRecipe>] = [
    .choice("direction", \.direction),
    .choice("layout", \.layout),
    .whole("base_width", \.baseWidth, 1...512),
    .whole("discriminator_width", \.discriminatorWidth, 1...512),
    .whole("discriminator_layers", \.discriminatorLayers, 1...6),
    .choice("norm", \.norm),
    .number("dropout", \.dropout, 0...0.99),
    .choice("objective", \.objective),
    .number("l1_weight", \.l1Weight),
    .number("jitter", \.jitter, 1...2),
    .truth("flip", \.flip),
  ]
}
