/// Everything needed to build a variational autoencoder, and its decoder alone.
public struct AutoencoderDescription: Sendable, Equatable {
  /// What encoder and decoder are made of.
  public enum Network: String, Sendable, CaseIterable {
    /// The convolutions of DCGAN, for sides of k · 2ⁿ pixels, k = 3…7.
    case convolutional
    /// Two hidden layers, of 2 · `baseWidth` and `baseWidth` features, in the encoder and in reverse in the decoder;
    /// for small images of any size, and for points in the plane.
    case fullyConnected = "fully-connected"
  }

  /// What it is made of.
  public var network: Network
  /// The number of latents of an image.
  public var latentSize: Int
  /// What the decoder draws: pictures or points in the plane.
  public var samples = ColumnFormat.Kind.pictures
  /// The shape of an image.
  public var shape: SampleShape
  /// The channels of the largest maps; of a fully connected network, half the features of the widest layer.
  public var baseWidth: Int

  /// A description by its parts.
  public init(_ network: Network, latentSize: Int, shape: SampleShape, baseWidth: Int) {
    (self.network, self.latentSize, self.shape, self.baseWidth) = (network, latentSize, shape, baseWidth)
  }

  /// How the convolutions get from the smallest map to the image.
  var plan: DCGANPlan {
    get throws(TrainingError) { try DCGANPlan(height: shape.height, width: shape.width, baseWidth: baseWidth) }
  }

  /// Throws when such a network cannot draw this shape, or one could not be trained in this machine's memory.
  public func validate() throws(TrainingError) {
    do {
      try checkMemory(largestWeight: try largestWeight(), baseWidth: baseWidth, latentSize: latentSize, shape)
    } catch  where network == .convolutional && (try? plan) == nil {
      throw TrainingError("\(error); set network=fully-connected, which takes any size")
    }
  }

  /// The number of elements of the decoder's largest weight; the encoder's largest is of that order too.
  ///
  /// - Throws: ``TrainingError`` when the convolutions cannot draw this shape.
  func largestWeight() throws(TrainingError) -> Double {
    let (latents, width) = (Double(latentSize), Double(baseWidth))
    let (channels, pixels) = (Double(shape.channels), Double(shape.height) * Double(shape.width))
    switch network {
    case .convolutional:
      return try Architecture.dcgan.largestWeight(
        NetworkDescription(.dcgan, latentSize: latentSize, shape: shape, baseWidth: baseWidth))
    case .fullyConnected: return max(latents * width, 2 * width * width, 2 * width * channels * pixels)
    }
  }
}

// The decoder's file.
extension AutoencoderDescription {
  /// The decoder as its file describes it.
  public var blueprint: Blueprint {
    Blueprint(
      VariationalDecoder.network, settings: ["base_width": baseWidth], words: ["layers": network.rawValue],
      inputs: [.latents(latentSize)], output: .samples(samples, shape))
  }

  /// The description of the decoder that a file describes.
  ///
  /// - Throws: ``TrainingError`` that names the member that is missing or wrong.
  init(_ blueprint: Blueprint) throws(TrainingError) {
    guard let network = Network(rawValue: blueprint.words["layers"] ?? "") else {
      let known = Network.allCases.map(\.rawValue).joined(separator: " or ")
      throw TrainingError("the metadata's 'layers' is '\(blueprint.words["layers"] ?? "")'; it can be \(known)")
    }
    let baseWidth = blueprint.settings["base_width"] ?? 0
    for (key, value) in [("latent_size", blueprint.latentSize), ("base_width", baseWidth)] where value < 1 {
      throw TrainingError("the metadata's 'settings' lack '\(key)', a whole number from 1 to 65,536")
    }
    guard let shape = blueprint.output.format.sampleShape else {
      throw TrainingError("an autoencoder draws pictures or points, not rows of \(blueprint.output.format.shape)")
    }
    self.init(network, latentSize: blueprint.latentSize, shape: shape, baseWidth: baseWidth)
    samples = blueprint.output.format.kind
  }
}
