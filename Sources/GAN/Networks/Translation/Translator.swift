/// A network of image translation as a model to ship: it makes the column "target" of the column "images".
public final class Translator: Model {
  /// The network.
  public let network: any TranslationNetwork
  /// How the network is built.
  public let description: TranslatorDescription
  /// What its file says of it.
  public let blueprint: Blueprint
  /// The network's parameters and buffers.
  public var state: StateDict { network.state }

  /// A translator with the weights that `state` draws.
  ///
  /// - Parameters:
  ///   - source: the format of the column "images".
  ///   - target: the format of the column "target".
  ///   - initializer: of the convolutions' weights.
  /// - Throws: ``TrainingError`` for pictures of two sizes, or of sides that the network does not take.
  public init(
    _ state: StateDict, _ description: TranslatorDescription, from source: ColumnFormat, to target: ColumnFormat,
    initializer: Initializer = .normal()
  ) throws(TrainingError) {
    let (inputs, shape) = (try Self.shape(source), try Self.shape(target))
    guard (inputs.height, inputs.width) == (shape.height, shape.width) else {
      throw TrainingError(
        "a translator makes pictures of the size of those that it takes, not \(shape.sizeText) of \(inputs.sizeText)")
    }
    let network = try description.makeNetwork(
      state, inputs: inputs.channels, outputs: shape.channels, initializer: initializer)
    guard network.takes(height: shape.height, width: shape.width) else {
      throw TrainingError(
        "this network translates pictures whose sides are multiples of \(network.sideFactor) from \(network.leastSide) on, "
          + "not \(shape.sizeText)")
    }
    (self.network, self.description) = (network, description)
    blueprint = Self.blueprint(description, from: source, to: target)
  }

  /// The translator that a file describes, with any weights.
  ///
  /// - Throws: ``TrainingError`` that names the setting that is missing or wrong.
  public convenience init(_ blueprint: Blueprint) throws(TrainingError) {
    try self.init(
      StateDict(random: RandomGenerator(seed: 0)), try TranslatorDescription(blueprint),
      from: try Self.source(blueprint), to: blueprint.output.format)
  }

  /// The translations of the column "images".
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    Batch(count: input.count).with(.target, network(input[.images], pass))
  }

  /// Checks what the network computes by and no training changes.
  public func validate() throws { try network.validate() }

  /// What a file says of the translator of this description.
  static func blueprint(
    _ description: TranslatorDescription, from source: ColumnFormat, to target: ColumnFormat
  ) -> Blueprint {
    Blueprint(
      description.name.rawValue, settings: description.settings, words: description.words,
      inputs: [.data(ColumnDescription(Field.images.name, source))],
      output: ColumnDescription(Field.target.name, target))
  }

  /// A number of elements that the weights of the network which `blueprint` promises have at least.
  static func leastElements(_ blueprint: Blueprint) throws(TrainingError) -> Double {
    let (inputs, outputs) = (try shape(try source(blueprint)), try shape(blueprint.output.format))
    return try TranslatorDescription(blueprint).leastElements(inputs: inputs.channels, outputs: outputs.channels)
  }

  private static func source(_ blueprint: Blueprint) throws(TrainingError) -> ColumnFormat {
    for case .data(let column) in blueprint.inputs where column.name == Field.images.name { return column.format }
    throw TrainingError("the metadata's 'inputs' lack the column '\(Field.images.name)'")
  }

  private static func shape(_ format: ColumnFormat) throws(TrainingError) -> SampleShape {
    guard format.kind == .pictures, format.element != .int32, let shape = format.sampleShape, format.shape.count == 3,
      shape.channels > 0
    else {
      throw TrainingError("a translator takes and makes pictures, not rows of \(format.kind.rawValue) \(format.shape)")
    }
    return shape
  }
}
