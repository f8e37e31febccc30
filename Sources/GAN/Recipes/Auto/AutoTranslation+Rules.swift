// Which networks and batches `auto` takes for translation, and why.

extension TranslatingRecipe {
  /// Patches by the size of pictures.
  public mutating func choose(for data: Dataset) {
    discriminatorLayers = TranslationInput.layers(height: data.shape.height, width: data.shape.width)
  }
}

extension TranslationRecipe {
  /// Patches by the size of pictures; small batches, five times pix2pix's rate and pix2pixHD's features as trials with facades
  /// on two cores had it best. Docs/translation.md has the figures.
  public mutating func choose(for data: Dataset) {
    discriminatorLayers = TranslationInput.layers(height: data.shape.height, width: data.shape.width)
    batch = min(8, data.count)
    (generator.learningRate, discriminator.learningRate) = (1e-3, 1e-3)
    featureWeight = 30
  }

  /// What was chosen and why.
  public func choices(for data: Dataset) -> [String] {
    [
      "pairs: pix2pix, a U-Net of base width \(baseWidth) and a PatchGAN of \(discriminatorLayers) layers, batch \(batch), "
        + "learning rate \(generator.learningRate.shown)",
      "G also matches D's features of the target, as in pix2pixHD, with a weight of \(featureWeight.shown)",
      input.chosen,
    ]
  }
}

extension CycleRecipe {
  /// What was chosen and why.
  public func choices(for data: Dataset) -> [String] {
    [
      "two collections: CycleGAN with \(blocks) residual blocks of base width \(baseWidth), batch \(batch)",
      input.chosen,
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
