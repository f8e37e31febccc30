/// Everything needed to build a pair of networks: their kind and their sizes.
public struct NetworkDescription: Sendable, Equatable {
  /// Which pair.
  public var kind: NetworkKind
  /// The number of latents, the random numbers from which a picture is made.
  public var latentSize: Int
  /// What the generator draws: pictures or points in the plane.
  public var samples = ColumnFormat.Kind.pictures
  /// The shape of a picture.
  public var shape: SampleShape
  /// The number of features from which a network's other widths follow; each network says how.
  public var baseWidth: Int
  /// The classes of the pictures, if the generator is conditional on them.
  public var classTable: ClassTable?
  /// How many classes there are, 0 for none.
  public var classes: Int { classTable?.count ?? 0 }
  /// How the generator is conditional on class labels.
  public var conditioning = GeneratorConditioning.none
  /// Whether networks that support self-attention (Zhang et al. 2019) use it.
  public var attention = false
  /// How many layers make a style of latents, in networks with styles.
  public var mappingLayers = 8
  /// In training such networks, the probability that images get the styles of other latents from some layer on.
  public var styleMixing = 0.0

  /// A description of a pair of unconditional networks.
  public init(_ kind: NetworkKind, latentSize: Int = 100, shape: SampleShape, baseWidth: Int? = nil) {
    self.kind = kind
    self.latentSize = latentSize
    self.shape = shape
    self.baseWidth = baseWidth ?? kind.defaultBaseWidth
  }

  /// Throws if this kind of network does not support pictures of this shape.
  public func validate() throws(TrainingError) {
    let sizes = 1...65536
    guard sizes.contains(latentSize), sizes.contains(baseWidth) else {
      throw TrainingError("latent_size and base_width must be from 1 to 65536, not \(latentSize) and \(baseWidth)")
    }
    guard sizes.contains(shape.channels), sizes.contains(shape.height), sizes.contains(shape.width) else {
      throw TrainingError("pictures must have 1 to 65536 channels, rows and columns, not \(shape)")
    }
    guard classes >= 0, conditioning == .none || classes > 0 else {
      throw TrainingError(
        "a generator cannot be conditional on class labels if the data have none: set condition_generator=none")
    }
    guard conditioning == .none || kind.conditionings.contains(conditioning) else {
      throw TrainingError(
        "\(kind.rawValue) takes class labels by \(kind.conditionings.map(\.rawValue).joined(separator: " or ")), not by "
          + "\(conditioning.rawValue)")
    }
    guard (1...16).contains(mappingLayers), (0...1).contains(styleMixing) else {
      throw TrainingError(
        "mapping_layers must be from 1 to 16 and style_mixing from 0 to 1, not \(mappingLayers) and \(styleMixing)")
    }
    guard kind.architecture.hasAttention || !attention else {
      throw TrainingError("attention is for network=resnet, not \(kind.rawValue)")
    }
    try kind.architecture.check(self)
  }

  /// A generator whose parameters are initialised from `random`.
  public func makeGenerator(random: RandomGenerator, dtype: DType = .float32, device: Device = .cpu)
    throws(TrainingError)
    -> any Generator
  {
    try validate()
    let state = StateDict(random: random, dtype: dtype, device: device)
    do {
      return try withTorchErrors { conditioned(try kind.architecture.generator(state, generatorNetwork)) }
    } catch {
      throw cannotBeBuilt("generator", error)
    }
  }

  /// A discriminator whose parameters are initialised from `random`.
  public func makeDiscriminator(
    random: RandomGenerator, _ settings: DiscriminatorSettings = DiscriminatorSettings(), dtype: DType = .float32,
    device: Device = .cpu
  ) throws(TrainingError) -> any Discriminator {
    try validate()
    let architecture = settings.architecture(beside: kind)
    if let norm = settings.norm, !architecture.norms.contains(norm) {
      let known = architecture.norms.map(\.rawValue).joined(separator: " or ")
      throw TrainingError("\(architecture.title) supports the norm \(known), not \(norm.rawValue)")
    }
    guard architecture.hasMinibatchDeviation || !settings.minibatchDeviation else {
      throw TrainingError("\(architecture.title) has no minibatch deviation")
    }
    guard settings.extraLayers == 0 || settings.extraLayers > 0 && architecture.hasExtraLayers else {
      throw TrainingError("\(architecture.title) cannot have \(settings.extraLayers) extra layers")
    }
    guard settings.packing == 1 || settings.packing > 1 && settings.conditioning == .none else {
      throw TrainingError(
        "a discriminator judges one image, or packs of several without class labels, not packing=\(settings.packing)")
    }
    guard settings.conditioning == .none || classes > 0 else {
      throw TrainingError(
        "a discriminator cannot be conditional on class labels if the data have none: set condition_discriminator=none")
    }
    let state = StateDict(random: random, dtype: dtype, device: device)
    do {
      return try withTorchErrors {
        conditioned(try architecture.make(state, discriminatorNetwork(settings), settings), settings)
      }
    } catch {
      throw cannotBeBuilt("discriminator", error)
    }
  }

  /// Running out of memory is an error like any other.
  private func cannotBeBuilt(_ player: String, _ error: any Error) -> TrainingError {
    error as? TrainingError
      ?? TrainingError(
        "the \(kind.rawValue) \(player) for \(shape.sizeText) of base_width \(baseWidth) cannot be built: \(error)")
  }
}

extension SampleShape {
  /// The size in pixels, as people write it: "28x28" is width by height.
  public var sizeText: String { "\(width)x\(height)" }
}
