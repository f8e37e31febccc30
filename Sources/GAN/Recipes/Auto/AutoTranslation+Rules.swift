// Which networks and batches `auto` takes for translation, and why.

extension TranslatingRecipe {
  /// Patches by the size of pictures.
  public mutating func choose(for data: Dataset) {
    discriminatorLayers = TranslationInput.layers(height: data.shape.height, width: data.shape.width)
  }
}

extension TranslationRecipe {
  /// From this side on, in pixels, D's features are not matched.
  private static let largeSide = 128

  /// Patches by the size of pictures; small batches, five times pix2pix's rate and, of small pictures, pix2pixHD's features as
  /// trials with facades on two cores had it best. Docs/translation.md has the figures.
  public mutating func choose(for data: Dataset) {
    discriminatorLayers = TranslationInput.layers(height: data.shape.height, width: data.shape.width)
    batch = min(8, data.count)
    (generator.learningRate, discriminator.learningRate) = (1e-3, 1e-3)
    featureWeight = min(data.shape.height, data.shape.width) < Self.largeSide ? 30 : 0
    input.fit(to: data)
  }

  /// What was chosen and why.
  public func choices(for data: Dataset) -> [String] {
    let matching =
      featureWeight > 0
      ? "G also matches D's features of the target, as in pix2pixHD, with a weight of \(featureWeight.shown)" : nil
    return [
      "pairs: pix2pix, a U-Net of base width \(baseWidth) and a PatchGAN of \(discriminatorLayers) layers, "
        + "batch \(batch), learning rate \(generator.learningRate.shown)", matching, input.chosen,
    ].compactMap { $0 }
  }
}

extension CycleRecipe {
  /// Mean colours that differ by more than this, of a range of 2, are of collections with other colours.
  static let farColors = 0.25

  /// Patches by the size of pictures, and batches: of one picture of 64x64 or more, as in the paper, of more smaller ones. An
  /// identity loss only between collections of the same colours: between photos and label maps it took a quarter of the right
  /// pixels. Docs/style.md has the figures.
  public mutating func choose(for data: Dataset) throws {
    discriminatorLayers = TranslationInput.layers(height: data.shape.height, width: data.shape.width)
    let most = min(4, data.count, data.counterpart?.count ?? data.count)
    batch = min(max(64 * 64 / (data.shape.height * data.shape.width), 1), most)
    if try TranslationInput.colorDistance(of: data) ?? .infinity > Self.farColors { identityWeight = 0 }
    input.fit(to: data)
  }

  /// What was chosen and why.
  public func choices(for data: Dataset) throws -> [String] {
    let colors = try TranslationInput.colorDistance(of: data).map {
      "; the collections' differ by \((127.5 * $0).shown) of 255 levels"
    }
    let identity =
      identityWeight == 0
      ? "no identity loss, which would keep the sources' mean colours"
      : "an identity loss, which keeps the sources' mean colours"
    return [
      "two collections: CycleGAN, which translates both ways, with \(blocks) residual blocks of base width \(baseWidth), "
        + "batch \(batch)", identity + (colors ?? ""), input.chosen,
    ]
  }
}

extension ContrastiveRecipe {
  /// What was chosen and why.
  public func choices(for data: Dataset) -> [String] {
    [
      "two collections without pairs: CUT with \(blocks) residual blocks of base width \(baseWidth), batch \(batch); 'gan train "
        + "cyclegan' translates both ways", input.chosen,
    ]
  }
}

extension TranslationInput {
  /// Small pictures are not cut out of larger ones: enlarged, lines of one pixel blur, and what is learnt of them does not hold for
  /// sharp ones. Of drawn edges at 32x32 that made the error half as large again. Docs/style.md has the figures.
  mutating func fit(to data: Dataset) {
    if min(data.shape.height, data.shape.width) < 64 { jitter = 1 }
  }

  /// How far the mean colours of both sides are from each other, channels together, where [-1, 1] is the range of each; nil for
  /// sides of different channels.
  static func colorDistance(of data: Dataset) throws -> Double? {
    let targets = try data.ofSamples(Field.target.name)
    let (ours, theirs) = (DatasetSummary.channels(of: data), DatasetSummary.channels(of: targets))
    guard ours.count == theirs.count else { return nil }
    return zip(ours, theirs).map { abs($0.mean - $1.mean) }.reduce(0, +) / Double(ours.count)
  }

  /// The layers of a PatchGAN: three, which see 70 pixels, or as many as small pictures allow.
  static func layers(height: Int, width: Int) -> Int {
    let patches = min(height, width) / 3
    return max(1, min(3, patches.bitWidth - patches.leadingZeroBitCount - 1))
  }

  /// How pictures are varied, in a sentence.
  var chosen: String {
    let crops = jitter > 1 ? "random parts of pictures \(jitter.shown) times as large" : "whole pictures"
    return "\(crops)\(flip ? ", half of them mirrored; --set flip=false if left and right must not change places" : "")"
  }
}
