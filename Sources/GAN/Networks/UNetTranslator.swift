/// A ``UNetGenerator`` as a model to ship: it makes the column "target" of the column "images".
public final class UNetTranslator: Model {
  /// What a registry calls it.
  public static let name = "unet"

  /// The network.
  public let network: UNetGenerator
  /// What its file says of it.
  public let blueprint: Blueprint
  /// The network's parameters and buffers.
  public var state: StateDict { network.state }

  /// A translator with the weights that `state` draws.
  ///
  /// - Parameters:
  ///   - source: the format of the column "images".
  ///   - target: the format of the column "target".
  /// - Throws: ``TrainingError`` for pictures that are not square, of two sizes, or of a side that is no power of 2.
  public init(
    _ state: StateDict, from source: ColumnFormat, to target: ColumnFormat, baseWidth: Int, norm: MapNorm,
    dropout: Double
  ) throws(TrainingError) {
    let (inputs, shape) = (try Self.shape(source), try Self.shape(target))
    guard (inputs.height, inputs.width) == (shape.height, shape.width), shape.height == shape.width else {
      throw TrainingError(
        "a U-Net translates square pictures into ones of their size, not \(inputs.sizeText) into \(shape.sizeText)")
    }
    network = try UNetGenerator(
      state, inputs: inputs.channels, outputs: shape.channels, side: shape.height, baseWidth: baseWidth, norm: norm,
      dropout: dropout)
    blueprint = Blueprint(
      Self.name, settings: ["base_width": baseWidth], words: ["norm": norm.rawValue, "dropout": "\(dropout)"],
      inputs: [.data(ColumnDescription(Field.images.name, source))],
      output: ColumnDescription(Field.target.name, target))
  }

  /// The translator that a file describes, with any weights.
  ///
  /// - Throws: ``TrainingError`` that names the setting that is missing or wrong.
  public convenience init(_ blueprint: Blueprint) throws(TrainingError) {
    guard let norm = MapNorm(rawValue: blueprint.words["norm"] ?? "") else {
      let known = MapNorm.allCases.map(\.rawValue).joined(separator: " or ")
      throw TrainingError("the metadata's 'norm' is '\(blueprint.words["norm"] ?? "")'; it can be \(known)")
    }
    guard let dropout = blueprint.words["dropout"].flatMap(Double.init), (0..<1).contains(dropout) else {
      throw TrainingError(
        "the metadata's 'dropout' is '\(blueprint.words["dropout"] ?? "")', not a number from 0 to below 1")
    }
    try self.init(
      StateDict(random: RandomGenerator(seed: 0)), from: try Self.source(blueprint), to: blueprint.output.format,
      baseWidth: try Self.baseWidth(blueprint), norm: norm, dropout: dropout)
  }

  /// The translations of the column "images".
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    Batch(count: input.count).with(.target, network(input[.images], pass))
  }

  /// The number of elements that one weight of the network which `blueprint` promises has at least.
  static func largestWeight(_ blueprint: Blueprint) throws(TrainingError) -> Double {
    let (inputs, outputs) = (try shape(try source(blueprint)), try shape(blueprint.output.format))
    let width = Double(try baseWidth(blueprint))
    // The way down doubles the width up to three times; the innermost convolution lies between its last two maps.
    let doublings = min(max(outputs.height.trailingZeroBitCount - 1, 1), 4)
    let innermost = width * width * Double(1 << min(doublings, 3)) * Double(1 << (doublings - 1))
    return 16 * max(width * Double(inputs.channels), 2 * width * Double(outputs.channels), innermost)
  }

  private static func source(_ blueprint: Blueprint) throws(TrainingError) -> ColumnFormat {
    for case .data(let column) in blueprint.inputs where column.name == Field.images.name { return column.format }
    throw TrainingError("the metadata's 'inputs' lack the column '\(Field.images.name)'")
  }

  private static func baseWidth(_ blueprint: Blueprint) throws(TrainingError) -> Int {
    guard let width = blueprint.settings["base_width"], width > 0 else {
      throw TrainingError("the metadata's 'settings' lack 'base_width', a whole number from 1")
    }
    return width
  }

  private static func shape(_ format: ColumnFormat) throws(TrainingError) -> SampleShape {
    guard format.kind == .pictures, format.element != .int32, let shape = format.sampleShape, format.shape.count == 3,
      shape.channels > 0
    else { throw TrainingError("a U-Net translates pictures, not rows of \(format.kind.rawValue) \(format.shape)") }
    return shape
  }
}
