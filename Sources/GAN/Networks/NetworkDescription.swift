/// Everything needed to build a pair of networks: their kind and their sizes.
public struct NetworkDescription: Sendable, Equatable {
  /// Which pair.
  public var kind: NetworkKind
  /// How many random numbers make a picture.
  public var latentSize: Int
  /// The shape of a picture.
  public var shape: SampleShape
  /// The number of features from which a network's other widths follow; each network says how.
  public var baseWidth: Int
  /// The classes of the pictures, where the generator is asked for one.
  public var classTable: ClassTable?
  /// How many classes there are, 0 for none.
  public var classes: Int { classTable?.count ?? 0 }
  /// How the generator takes account of classes.
  public var conditioning = GeneratorConditioning.none
  /// Whether distant places of a picture are compared (Zhang et al. 2019), in networks that can.
  public var attention = false

  /// A description of a pair of networks without classes.
  public init(_ kind: NetworkKind, latentSize: Int = 100, shape: SampleShape, baseWidth: Int? = nil) {
    self.kind = kind
    self.latentSize = latentSize
    self.shape = shape
    self.baseWidth = baseWidth ?? kind.defaultBaseWidth
  }

  /// Throws when this kind cannot draw pictures of this shape.
  public func validate() throws(GANError) {
    let sizes = 1...65536
    guard sizes.contains(latentSize), sizes.contains(baseWidth) else {
      throw GANError("latent_size and base_width lie in 1 to 65536; \(latentSize) and \(baseWidth) were given")
    }
    guard sizes.contains(shape.channels), sizes.contains(shape.height), sizes.contains(shape.width) else {
      throw GANError("pictures have 1 to 65536 channels, rows and columns, not \(shape)")
    }
    switch kind {
    case .mlp: return
    case .dcgan: _ = try DCGANPlan(height: shape.height, width: shape.width, baseWidth: baseWidth)
    case .dcganKeras:
      guard shape.height % 4 == 0, shape.width % 4 == 0 else {
        throw GANError("dcgan-keras draws pictures whose sides are multiples of 4, not \(shape.sizeText)")
      }
    }
  }

  /// A generator whose parameters draw their first values from `random`.
  public func makeGenerator(random: RandomGenerator, dtype: DType = .float32, device: Device = .cpu) throws(GANError)
    -> any Generator
  {
    try validate()
    let state = StateDict(random: random, dtype: dtype, device: device)
    do {
      return try withTorchErrors { conditioned(try generatorNetwork.generator(state)) }
    } catch {
      throw cannotBeBuilt("generator", error)
    }
  }

  /// A discriminator whose parameters draw their first values from `random`.
  public func makeDiscriminator(
    random: RandomGenerator, _ settings: DiscriminatorSettings = DiscriminatorSettings(), dtype: DType = .float32,
    device: Device = .cpu
  ) throws(GANError) -> any Discriminator {
    try validate()
    let state = StateDict(random: random, dtype: dtype, device: device)
    do {
      return try withTorchErrors {
        conditioned(try discriminatorNetwork(settings).discriminator(state, settings), settings)
      }
    } catch {
      throw cannotBeBuilt("discriminator", error)
    }
  }

  /// The generator's own network.
  private func generator(_ state: StateDict) throws(GANError) -> any Generator {
    switch kind {
    case .mlp: MLPGenerator(state, self)
    case .dcgan: try DCGANGenerator(state, self)
    case .dcganKeras: KerasDCGANGenerator(state, self)
    }
  }

  /// The discriminator's own network.
  private func discriminator(_ state: StateDict, _ settings: DiscriminatorSettings) throws(GANError)
    -> any UnconditionalDiscriminator
  {
    switch kind {
    case .mlp: MLPDiscriminator(state, self)
    case .dcgan: try DCGANDiscriminator(state, self)
    case .dcganKeras: KerasDCGANDiscriminator(state, self, dropout: settings.dropout)
    }
  }

  /// A network for which there is no memory is an error like any other.
  private func cannotBeBuilt(_ player: String, _ error: any Error) -> GANError {
    error as? GANError
      ?? GANError(
        "the \(kind.rawValue) \(player) for \(shape.sizeText) of base_width \(baseWidth) cannot be built: \(error)")
  }
}

/// The pairs of networks there are.
public enum NetworkKind: String, Sendable, CaseIterable {
  case mlp
  case dcgan
  case dcganKeras = "dcgan-keras"

  /// The width of the original.
  public var defaultBaseWidth: Int { self == .mlp ? 256 : 64 }

  /// How its discriminator's layers can be normalised; as they usually are comes first.
  public var norms: [DiscriminatorNorm] {
    switch self {
    case .mlp: [.none, .spectral]
    case .dcgan: [.batch, .none, .spectral]
    case .dcganKeras: [.none]
    }
  }

  /// Whether it can compare distant places.
  public var hasAttention: Bool { false }
  /// Whether its generator can have batch norm by class.
  public var hasConditionalBatchNorm: Bool { false }
  /// Whether its discriminator can be shown how much a batch differs.
  public var hasMinibatchDeviation: Bool { self != .dcganKeras }

  /// How its discriminator's layers usually are normalised.
  public var usualNorm: DiscriminatorNorm { norms.first ?? .none }
}

extension SampleShape {
  /// The size in pixels, as people write it: "28x28" is width by height.
  public var sizeText: String { "\(width)x\(height)" }
}
