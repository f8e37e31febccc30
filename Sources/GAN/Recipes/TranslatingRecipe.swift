import Files

/// The recipe of a game of image translation: all of them vary their pictures alike, average their generator, and can begin
/// with the weights of a file.
public protocol TranslatingRecipe: Recipe {
  /// What it learns from, and begins with.
  var input: TranslationInput { get set }
  /// How much of the averaged generator a step keeps, 0 for no average.
  var averageDecay: Double { get set }
  /// Takes over how the generator of a file is built.
  ///
  /// - Throws: ``TrainingError`` for a network that the game does not play with.
  mutating func adopt(_ network: TranslatorDescription) throws(TrainingError)
  /// Chooses networks and batch for data, as ``AutoTranslation`` does.
  mutating func choose(for data: Dataset)
  /// What ``choose(for:)`` has chosen and why, one sentence per choice.
  func choices(for data: Dataset) -> [String]
}

extension TranslatingRecipe {
  /// The sides that are loaded.
  public var sides: Sides? { input.sides }
  /// 64x64: what two cores train in minutes.
  public var usualSize: (width: Int, height: Int)? { (64, 64) }

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
      throw TrainingError("\(name) trains residual generators with strides, and the file holds another network")
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
