/// The fully connected generator: latents through base, 2 base and 2 base features to a picture, by default
/// 100-256-512-512-784; relu, and tanh at the end (after Goodfellow et al. 2014, section 5).
public final class MLPGenerator: UnconditionalGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let fc1, fc2, fc3, fc4: Linear

  init(_ state: StateDict, _ description: NetworkDescription) {
    self.state = state
    self.description = description
    let (path, width) = (state.root, description.baseWidth)
    let initializer = Initializer.heNormal()
    fc1 = Linear(path / "fc1", description.latentSize, width, initializer: initializer)
    fc2 = Linear(path / "fc2", width, 2 * width, initializer: initializer)
    fc3 = Linear(path / "fc3", 2 * width, 2 * width, initializer: initializer)
    fc4 = Linear(path / "fc4", 2 * width, description.shape.elementCount, initializer: .glorotNormal)
  }

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    let shape = description.shape
    let x = fc3(fc2(fc1(latents).relu()).relu()).relu()
    return Images(fc4(x).tanh().reshaped(-1, shape.channels, shape.height, shape.width))
  }
}

/// The fully connected discriminator: a picture through three layers of 2 base features to a score, by default
/// 784-512-512-512-1; leaky relu of slope 0.2; optionally spectral norm of each weight.
public final class MLPDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let fc1, fc2, fc3, fc4: MaybeSpectral<Linear>
  private let deviation: MinibatchStandardDeviation?

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) {
    self.state = state
    let (path, width) = (state.root, 2 * description.baseWidth)
    func layer(_ name: String, _ inputs: Int, _ outputs: Int, _ initializer: Initializer) -> MaybeSpectral<Linear> {
      MaybeSpectral(
        Linear(path / name, inputs, outputs, initializer: initializer), spectral: settings.norm == .spectral)
    }
    let initializer = Initializer.heNormal(slope: 0.2)
    fc1 = layer("fc1", description.shape.elementCount, width, initializer)
    fc2 = layer("fc2", width, width, initializer)
    fc3 = layer("fc3", width, width, initializer)
    fc4 = layer("fc4", width + (settings.minibatchDeviation ? 1 : 0), 1, .glorotNormal)
    deviation = settings.minibatchDeviation ? MinibatchStandardDeviation() : nil
  }

  /// The width of its last hidden layer, plus one with a minibatch deviation.
  public var featureCount: Int { fc4.layer.weight.size(1) }

  /// The last hidden layer `[N, F]` of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = fc1(images.tensor.flattened(), pass).leakyReLU(0.2)
    x = fc2(x, pass).leakyReLU(0.2)
    x = fc3(x, pass).leakyReLU(0.2)
    return deviation?(x) ?? x
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(fc4(features, pass)) }
}

extension Architecture {
  /// Fully connected layers, for rows of any shape.
  static let mlp = Architecture(
    name: "mlp", defaultBaseWidth: 256,
    check: { _ throws(TrainingError) in },
    largestWeight: { networks throws(TrainingError) in
      let (latents, width) = (Double(networks.generatorNetwork.latentSize), Double(networks.baseWidth))
      return max(latents * width, 4 * width * width, 2 * width * networks.elements)
    },
    generator: { state, networks throws(TrainingError) in MLPGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "mlp's discriminator", norms: [.none, .spectral], scoresBothTogether: true
    ) { state, networks, settings throws(TrainingError) in
      MLPDiscriminator(state, networks, settings)
    })
}
