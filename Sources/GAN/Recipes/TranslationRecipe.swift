/// The settings of ``PairedTranslation``.
public struct TranslationRecipe: TranslatingRecipe {
  /// What `recipe.json` calls the game.
  public static let game = "paired-translation"

  /// What people call it, as in "pix2pix".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What it has in common with other games of translation.
  public var common: TranslationSettings

  /// How often the U-Net halves the sides of its maps, 2 to 10; 0 for as often as makes one pixel of a picture.
  public var depth = 0
  /// The U-Net's dropout rate, on pictures of 64 pixels or more.
  public var dropout = 0.5
  /// The weight of the mean absolute difference to the target in G's loss.
  public var l1Weight = 100.0
  /// The weight of the ``FeatureDistance`` to the target in G's loss, 0 for none, as in pix2pix; 10 in pix2pixHD.
  public var featureWeight = 0.0
  /// What the shipped U-Net computes by.
  public var inference = TranslatorDescription.Inference.asInTraining

  /// The default settings: those of pix2pix, in batches of one.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    common = TranslationSettings(norm: .batch, objective: .nonSaturating, steps: steps)
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

  /// The U-Net for pictures of this format.
  func network(for format: ColumnFormat) -> TranslatorDescription {
    TranslatorDescription(
      .unet(depth: depth > 0 ? depth : min(format.shape.prefix(2).map(\.trailingZeroBitCount).min() ?? 0, 10)),
      baseWidth: baseWidth, norm: norm, dropout: dropout, inference: inference)
  }
}

// What cannot be, and why.
extension TranslationRecipe {
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
    guard height.isMultiple(of: factor), width.isMultiple(of: factor), self.depth > 0 || depth >= 3 else {
      throw TrainingError(
        self.depth > 0
          ? "a U-Net of depth=\(depth) takes pictures whose sides are multiples of \(factor), and these have "
            + "\(width)x\(height): load them with --size \(factor)x\(factor), or set another depth"
          : "\(name)'s U-Net halves the sides of pictures three times or more, and these have \(width)x\(height): load them "
            + "with --size 64x64, 128x128 or 256x256")
    }
    try TranslationInput.validate(discriminatorLayers: discriminatorLayers, height: height, width: width)
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
  public static let settings: [Setting<TranslationRecipe>] = settings(with: [
    .whole("depth", \.depth, 0...10),
    .number("dropout", \.dropout, 0...0.99),
    .number("l1_weight", \.l1Weight),
    .number("feature_weight", \.featureWeight),
    .choice("inference", \.inference),
  ])
}
