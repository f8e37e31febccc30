extension Generator {
  /// `generator.safetensors`.
  public var fileName: String { "generator.safetensors" }

  /// What a file says of it.
  public var blueprint: Blueprint { description.blueprint }

  /// The column of images that the columns of latents and, of a conditional generator, classes make.
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    let images = self(input[.latents].tensor, classes: input.column(.classes)?.tensor, pass)
    return Batch(count: input.count).with(.images, images)
  }
}

extension NetworkDescription {
  /// The generator as its file describes it.
  public var blueprint: Blueprint {
    var blueprint = Blueprint(
      kind.rawValue, settings: ["base_width": baseWidth, "attention": attention ? 1 : 0],
      inputs: [.latents(latentSize)], output: .samples(samples, shape))
    if kind.architecture.hasStyles { blueprint.settings["mapping_layers"] = mappingLayers }
    if let classTable {
      blueprint.words["conditioning"] = conditioning.rawValue
      blueprint.inputs.append(.classes(classTable))
    }
    return blueprint
  }

  /// The description of the generator that a file describes.
  ///
  /// - Throws: ``TrainingError`` that names the setting that is missing or wrong.
  init(_ blueprint: Blueprint) throws(TrainingError) {
    guard let kind = NetworkKind(rawValue: blueprint.network) else {
      throw TrainingError("there is no network '\(blueprint.network)'")
    }
    for (key, value) in [("latent_size", blueprint.latentSize), ("base_width", blueprint.settings["base_width"] ?? 0)]
    where value < 1 {
      throw TrainingError(
        value == 0 ? "the metadata's 'settings' lack '\(key)'" : "'\(key)' is \(value), not 1 to 65,536")
    }
    guard let shape = blueprint.output.format.sampleShape else {
      throw TrainingError("\(blueprint.network) draws pictures or points, not rows of \(blueprint.output.format.shape)")
    }
    self.init(kind, latentSize: blueprint.latentSize, shape: shape, baseWidth: blueprint.settings["base_width"])
    samples = blueprint.output.format.kind
    // Earlier files have neither attention nor classes.
    attention = blueprint.settings["attention"] == 1
    if let layers = blueprint.settings["mapping_layers"] { mappingLayers = layers }
    if let word = blueprint.words["conditioning"] {
      guard let conditioning = GeneratorConditioning(rawValue: word), conditioning != .none else {
        throw TrainingError(
          "the metadata's 'conditioning' is '\(word)'; it can be "
            + kind.conditionings.map(\.rawValue).joined(separator: " or "))
      }
      self.conditioning = conditioning
      classTable = blueprint.classTable
    }
  }
}

extension Registry {
  /// The networks of this package.
  public static let standard = NetworkKind.allCases.reduce(Registry()) { registry, kind in
    registry.adding(
      kind.rawValue, leastElements: { try kind.architecture.largestWeight(NetworkDescription($0)) },
      { try NetworkDescription($0).makeGenerator(random: RandomGenerator(seed: 0)) })
  }
  .adding(VariationalDecoder.network, leastElements: { try AutoencoderDescription($0).largestWeight() }) {
    try VariationalDecoder(StateDict(random: RandomGenerator(seed: 0)), AutoencoderDescription($0))
  }
  .adding(GaussianMixture.network, leastElements: { Double(try GaussianMixture.components($0)) }) {
    GaussianMixture(components: try GaussianMixture.components($0))
  }
  .addingTranslators()
}
