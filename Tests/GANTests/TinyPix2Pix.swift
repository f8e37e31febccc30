import GAN

/// pix2pix with tiny networks, and pairs for it.
enum TinyPix2Pix {
  /// Tiny networks for pictures of 8x8 pixels or more, in float32.
  static func recipe(_ assignments: [String] = []) throws -> TranslationRecipe {
    var recipe = TranslationRecipe.pix2pix
    let tiny = ["base_width=2", "discriminator_width=2", "discriminator_layers=1", "batch=2", "precision=float32"]
    for assignment in tiny + assignments {
      let parts = assignment.split(separator: "=").map(String.init)
      try recipe.set(parts[0], parts[1])
    }
    return recipe
  }

  /// Grey pairs whose target is the source's negative, from row `first` on.
  static func pairs(side: Int, count: Int = 6, first: Int = 0) throws -> Dataset {
    let shape = SampleShape(channels: 1, height: side, width: side)
    let pixels = (0..<(count * side * side)).map {
      UInt8(truncatingIfNeeded: (($0 + first * side * side) &* 2_654_435_761) >> 13)
    }
    return try Dataset(
      name: "pairs", columns: [.pictures(pixels, shape), .pictures(pixels.map { 255 - $0 }, shape, name: "target")])
  }

  static func game(_ assignments: [String] = [], side: Int = 8, dtype: DType = .float64) throws -> PairedTranslation {
    let format = ColumnFormat.pictures(SampleShape(channels: 1, height: side, width: side))
    return try PairedTranslation(recipe(assignments), from: format, to: format, seed: 4, dtype: dtype)
  }
}
