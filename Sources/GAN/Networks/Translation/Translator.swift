/// Networks of image translation as a model to ship: it makes the column "target" of the column "images". A model that
/// translates back too, as CycleGAN's, holds a second network, which ``oneWay(_:)`` takes out.
public final class Translator: Model {
  /// The network that makes targets of sources.
  public let network: any TranslationNetwork
  /// The network that makes sources of targets, if there is one.
  public let reverse: (any TranslationNetwork)?
  /// How the networks are built.
  public let description: TranslatorDescription
  /// What its file says of it.
  public let blueprint: Blueprint
  /// The networks' parameters and buffers; of two networks behind the names "forward" and "reverse".
  public let state: StateDict
  private let source, target: ColumnFormat

  /// A translator with the weights that `state` draws.
  ///
  /// - Parameters:
  ///   - source: the format of the column "images".
  ///   - target: the format of the column "target".
  ///   - initializer: of the convolutions' weights.
  /// - Throws: ``TrainingError`` for pictures of two sizes, or of sides that the network does not take.
  public convenience init(
    _ state: StateDict, _ description: TranslatorDescription, from source: ColumnFormat, to target: ColumnFormat,
    initializer: Initializer = .normal()
  ) throws(TrainingError) {
    let (inputs, outputs) = (try Self.shape(source), try Self.shape(target))
    func network(_ state: StateDict, _ inputs: Int, _ outputs: Int) throws(TrainingError) -> any TranslationNetwork {
      try description.makeNetwork(state, inputs: inputs, outputs: outputs, initializer: initializer)
    }
    guard description.translatesBack else {
      try self.init(
        try network(state, inputs.channels, outputs.channels), reverse: nil, description, from: source, to: target)
      return
    }
    try self.init(
      try network(StateDict(like: state), inputs.channels, outputs.channels),
      reverse: try network(StateDict(like: state), outputs.channels, inputs.channels), description, from: source,
      to: target)
  }

  private init(
    _ network: any TranslationNetwork, reverse: (any TranslationNetwork)?, _ description: TranslatorDescription,
    from source: ColumnFormat, to target: ColumnFormat
  ) throws(TrainingError) {
    let (inputs, shape) = (try Self.shape(source), try Self.shape(target))
    guard (inputs.height, inputs.width) == (shape.height, shape.width) else {
      throw TrainingError(
        "a translator makes pictures of the size of those that it takes, not \(shape.sizeText) of \(inputs.sizeText)")
    }
    guard network.takes(height: shape.height, width: shape.width) else {
      throw TrainingError(
        "this network translates pictures whose sides are multiples of \(network.sideFactor) from \(network.leastSide) on, "
          + "not \(shape.sizeText)")
    }
    (self.network, self.reverse, self.description) = (network, reverse, description)
    (self.source, self.target) = (source, target)
    state =
      reverse.map { StateDict(joining: ["forward": network.state, "reverse": $0.state]) } ?? network.state
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

  /// The channels of the pictures that it takes and makes.
  var channels: (source: Int, target: Int) { (source.shape[2], target.shape[2]) }

  /// Which ways it translates: of a source to its target, from A to B, always.
  public var directions: [SideDirection] { reverse == nil ? [.aToB] : [.aToB, .bToA] }

  /// The translator of one direction, which shares its weights with this one.
  ///
  /// - Throws: ``TrainingError`` if this one does not translate back.
  public func oneWay(_ direction: SideDirection) throws(TrainingError) -> Translator {
    var description = description
    description.translatesBack = false
    switch (direction, reverse) {
    case (.aToB, _): return try Translator(network, reverse: nil, description, from: source, to: target)
    case (.bToA, let reverse?): return try Translator(reverse, reverse: nil, description, from: target, to: source)
    case (.bToA, nil): throw TrainingError("the model translates one way only, \(SideDirection.aToB.rawValue)")
    }
  }

  /// The translator of the other direction, if there is one.
  public var inverse: (any Model)? { try? oneWay(.bToA) }

  /// The translations of the column "images". In inference each picture is translated as if it were alone.
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    let source = input[.images]
    guard case .inference = pass, description.inference == .asInTraining else {
      return Batch(count: input.count).with(.target, network(source, pass))
    }
    let pictures = (0..<input.count).map { row in
      let pass = Pass.asInTraining(RandomStream(seed: 0, device: source.tensor.device))
      return network(Images(source.tensor[row..<(row + 1)]), pass).tensor
    }
    return Batch(count: input.count).with(.target, Images(.concatenated(pictures)))
  }

  /// Whether norms take statistics of the picture in inference, so that a part of it is translated otherwise by itself.
  var normalizesByPicture: Bool {
    switch description.norm {
    case .instance: true
    case .batch: description.inference == .asInTraining
    case .none: false
    }
  }

  /// The translations of parts of one picture, whose norms share `statistics`.
  func translations(of parts: Images, sharing statistics: PooledStatistics) -> Images {
    let random = description.inference == .asInTraining ? RandomStream(seed: 0, device: parts.tensor.device) : nil
    return withoutGradient { network(parts, .parts(statistics, random)) }
  }

  /// Checks what the networks compute by and no training changes.
  public func validate() throws {
    try network.validate()
    try reverse?.validate()
  }

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
