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
  /// How many classes the pictures are of, 0 for none.
  public var classes = 0
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
    return try built("generator") {
      switch kind {
      case .mlp: MLPGenerator(state, self)
      case .dcgan: try DCGANGenerator(state, self)
      case .dcganKeras: KerasDCGANGenerator(state, self)
      }
    }
  }

  /// A discriminator whose parameters draw their first values from `random`.
  public func makeDiscriminator(
    random: RandomGenerator, _ settings: DiscriminatorSettings = DiscriminatorSettings(), dtype: DType = .float32,
    device: Device = .cpu
  ) throws(GANError) -> any Discriminator {
    try validate()
    let state = StateDict(random: random, dtype: dtype, device: device)
    return try built("discriminator") {
      switch kind {
      case .mlp: MLPDiscriminator(state, self)
      case .dcgan: try DCGANDiscriminator(state, self)
      case .dcganKeras: KerasDCGANDiscriminator(state, self, dropout: settings.dropout)
      }
    }
  }

  /// What `make` returns; a network for which there is no memory is an error like any other.
  private func built<Network>(_ player: String, _ make: () throws -> Network) throws(GANError) -> Network {
    do {
      return try withTorchErrors(make)
    } catch let error as GANError {
      throw error
    } catch {
      throw GANError(
        "the \(kind.rawValue) \(player) for \(shape.sizeText) of base_width \(baseWidth) cannot be built: \(error)")
    }
  }
}

/// The pairs of networks there are.
public enum NetworkKind: String, Sendable, CaseIterable {
  case mlp
  case dcgan
  case dcganKeras = "dcgan-keras"

  /// The width of the original.
  public var defaultBaseWidth: Int { self == .mlp ? 256 : 64 }

  /// Whether its discriminator has batch norm, so that a sample's score depends on the others of its batch.
  public var mixesSamples: Bool {
    switch self {
    case .dcgan: true
    case .mlp, .dcganKeras: false
    }
  }
}

extension SampleShape {
  /// The size in pixels, as people write it: "28x28" is width by height.
  public var sizeText: String { "\(width)x\(height)" }
}
