/// How the network of a ``Translator`` is built, but for the channels of its images.
public struct TranslatorDescription: Sendable, Equatable {
  /// The kinds of networks, and what only they have.
  public enum Architecture: Sendable, Equatable {
    /// A ``UNetGenerator`` that halves the sides of its images `depth` times, 2 to 10.
    case unet(depth: Int)
    /// A ``CycleGANGenerator`` with so many residual blocks, 1 to 64.
    case cycleGAN(blocks: Int, sampling: MapSampling)
  }

  /// What a registry calls the network.
  enum Name: String, CaseIterable {
    case unet
    case cycleGAN = "cyclegan"
  }

  /// The kind of network.
  public var architecture: Architecture
  /// The channels of the outermost maps.
  public var baseWidth: Int
  /// How maps are normalised.
  public var norm: MapNorm
  /// The dropout rate.
  public var dropout: Double
  /// What inference computes by.
  public var inference: Inference
  /// Whether there is a second network, of the same kind, that translates back.
  public var translatesBack: Bool

  /// How dropout and batch norm work once training is over.
  public enum Inference: String, Sendable, CaseIterable {
    /// Running statistics and no dropout.
    case running = "running-statistics"
    /// As in training, picture by picture: statistics of the picture itself, and dropout, by the same numbers for each. So
    /// pix2pix translates (Isola et al. 2017, section 3.4). Without batch norm and dropout there is no difference.
    case asInTraining = "as-in-training"
  }

  /// A description by its parts.
  public init(
    _ architecture: Architecture, baseWidth: Int, norm: MapNorm, dropout: Double, inference: Inference = .running,
    translatesBack: Bool = false
  ) {
    (self.architecture, self.baseWidth, self.norm, self.dropout) = (architecture, baseWidth, norm, dropout)
    (self.inference, self.translatesBack) = (inference, translatesBack)
  }

  /// A network of this kind, its weights drawn by `state`.
  ///
  /// - Throws: ``TrainingError`` for a depth or a number of blocks outside its range.
  public func makeNetwork(
    _ state: StateDict, inputs: Int, outputs: Int, initializer: Initializer = .normal()
  ) throws(TrainingError) -> any TranslationNetwork {
    try validate()
    switch architecture {
    case .unet(let depth):
      return try UNetGenerator(
        state, inputs: inputs, outputs: outputs, side: 1 << depth, baseWidth: baseWidth, norm: norm, dropout: dropout,
        initializer: initializer)
    case .cycleGAN(let blocks, let sampling):
      return CycleGANGenerator(
        state, inputs: inputs, outputs: outputs, blocks: blocks, baseWidth: baseWidth, norm: norm, dropout: dropout,
        sampling: sampling, initializer: initializer)
    }
  }

  private func validate() throws(TrainingError) {
    switch architecture {
    case .unet(let depth) where !(2...10).contains(depth):
      throw TrainingError("a U-Net halves the sides of its images 2 to 10 times, not \(depth) times")
    case .cycleGAN(let blocks, _) where !(1...64).contains(blocks):
      throw TrainingError("a CycleGAN generator has 1 to 64 residual blocks, not \(blocks)")
    default: break
    }
  }

  /// A number of elements that the weights have at least, of networks for images of so many channels.
  func leastElements(inputs: Int, outputs: Int) throws(TrainingError) -> Double {
    try validate()
    return (translatesBack ? 2 : 1) * leastElementsOfOne(inputs: inputs, outputs: outputs)
  }

  private func leastElementsOfOne(inputs: Int, outputs: Int) -> Double {
    let (width, inputs, outputs) = (Double(baseWidth), Double(inputs), Double(outputs))
    switch architecture {
    case .unet(let depth):
      // The way down doubles the width up to three times; the innermost convolution lies between its last two maps.
      let doublings = min(depth - 1, 4)
      let innermost = width * width * Double(1 << min(doublings, 3)) * Double(1 << (doublings - 1))
      return 16 * max(width * inputs, 2 * width * outputs, innermost)
    case .cycleGAN(let blocks, _):
      return 49 * width * (inputs + outputs) + Double(blocks) * 2 * 9 * 16 * width * width
    }
  }
}

// A description as a part of a model file's metadata.
extension TranslatorDescription {
  var name: Name {
    switch architecture {
    case .unet: .unet
    case .cycleGAN: .cycleGAN
    }
  }

  var settings: [String: Int] {
    switch architecture {
    case .unet(let depth): ["base_width": baseWidth, "depth": depth]
    case .cycleGAN(let blocks, _): ["base_width": baseWidth, "blocks": blocks]
    }
  }

  var words: [String: String] {
    var words = ["norm": norm.rawValue, "dropout": "\(dropout)", "inference": inference.rawValue]
    if translatesBack { words["directions"] = Self.bothDirections }
    if case .cycleGAN(_, let sampling) = architecture { words["sampling"] = sampling.rawValue }
    return words
  }

  private static let bothDirections = "both"

  /// The description in a blueprint.
  ///
  /// - Throws: ``TrainingError`` that names the setting that is missing or wrong.
  init(_ blueprint: Blueprint) throws(TrainingError) {
    func whole(_ key: String) throws(TrainingError) -> Int {
      guard let value = blueprint.settings[key], value > 0 else {
        throw TrainingError("the metadata's 'settings' lack '\(key)', a whole number from 1")
      }
      return value
    }
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(TrainingError) -> Choice
    where Choice.RawValue == String {
      guard let choice = Choice(rawValue: blueprint.words[key] ?? "") else {
        let known = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        throw TrainingError("the metadata's '\(key)' is '\(blueprint.words[key] ?? "")'; it can be \(known)")
      }
      return choice
    }
    guard let name = Name(rawValue: blueprint.network) else {
      throw TrainingError("there is no translator '\(blueprint.network)'")
    }
    switch name {
    case .unet:
      // The files of earlier builds do not have it: their images have the side of which the network makes one pixel.
      let side = blueprint.output.format.shape.first ?? 0
      architecture = .unet(depth: blueprint.settings["depth"] ?? side.trailingZeroBitCount)
    case .cycleGAN:
      architecture = .cycleGAN(blocks: try whole("blocks"), sampling: try choice("sampling"))
    }
    baseWidth = try whole("base_width")
    norm = try choice("norm")
    guard let dropout = blueprint.words["dropout"].flatMap(Double.init), (0..<1).contains(dropout) else {
      throw TrainingError(
        "the metadata's 'dropout' is '\(blueprint.words["dropout"] ?? "")', not a number from 0 to below 1")
    }
    self.dropout = dropout
    // The files of earlier builds do not say it.
    inference = blueprint.words["inference"] == nil ? .running : try choice("inference")
    translatesBack = blueprint.words["directions"] == Self.bothDirections
  }
}
