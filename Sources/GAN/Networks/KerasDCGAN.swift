/// The generator of TensorFlow's well-known DCGAN tutorial, for sides that are multiples of 4: a dense layer to maps of
/// a quarter of the side, transposed 5x5 convolutions, batch norm, leaky relu of slope 0.3, no biases.
///
/// The dense layers' features are ordered `[H, W, C]`, as Keras orders them and as maps lie in memory.
public final class KerasDCGANGenerator: UnconditionalGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let project: Linear
  package let norm0, norm1, norm2: BatchNorm
  package let up1, up2, image: ConvTranspose2d

  init(_ state: StateDict, _ description: NetworkDescription) {
    self.state = state
    self.description = description
    let (path, shape, width) = (state.root, description.shape, description.baseWidth)
    let cells = (shape.height / 4) * (shape.width / 4)
    let glorot = Initializer.glorotUniform
    project = Linear(
      path / "project", description.latentSize, 4 * width * cells, bias: false, initializer: glorot)
    norm0 = .keras(path / "norm0", 4 * width * cells)
    up1 = ConvTranspose2d(
      path / "up1", 4 * width, 2 * width, kernel: 5, padding: .same, bias: false, initializer: glorot)
    norm1 = .keras(path / "norm1", 2 * width)
    up2 = ConvTranspose2d(
      path / "up2", 2 * width, width, kernel: 5, stride: 2, padding: .same, bias: false, initializer: glorot)
    norm2 = .keras(path / "norm2", width)
    image = ConvTranspose2d(
      path / "image", width, shape.channels, kernel: 5, stride: 2, padding: .same, bias: false, initializer: glorot)
  }

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    let (shape, width) = (description.shape, description.baseWidth)
    var x = norm0(project(latents), pass, then: .leakyReLU(0.3))
    x = x.reshaped(-1, shape.height / 4, shape.width / 4, 4 * width).permuted(0, 3, 1, 2)
    x = norm1(up1(x), pass, then: .leakyReLU(0.3))
    x = norm2(up2(x), pass, then: .leakyReLU(0.3))
    return Images(image(x).tanh())
  }
}

/// The tutorial's discriminator: two 5x5 convolutions of stride 2, leaky relu of slope 0.3, dropout, a dense score.
public final class KerasDCGANDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let down1, down2: Conv2d
  package let score: Linear
  let dropout: Dropout

  init(_ state: StateDict, _ description: NetworkDescription, dropout: Double) {
    self.state = state
    let (path, shape, width) = (state.root, description.shape, description.baseWidth)
    let glorot = Initializer.glorotUniform
    down1 = Conv2d(
      path / "down1", shape.channels, width, kernel: 5, stride: 2, padding: .same, initializer: glorot)
    down2 = Conv2d(path / "down2", width, 2 * width, kernel: 5, stride: 2, padding: .same, initializer: glorot)
    score = Linear(
      path / "score", 2 * width * (shape.height / 4) * (shape.width / 4), 1, initializer: glorot)
    self.dropout = Dropout(dropout)
  }

  /// The number of elements of its last maps.
  public var featureCount: Int { score.weight.size(1) }

  /// The last maps `[N, F]`, in the order H, W, C, of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = dropout(down1(images.tensor), pass, after: .leakyReLU(0.3))
    x = dropout(down2(x), pass, after: .leakyReLU(0.3))
    return x.permuted(0, 2, 3, 1).flattened()
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(score(features)) }
}

extension BatchNorm {
  /// Keras's defaults: momentum 0.99 (0.01 in PyTorch's sense), epsilon 0.001, the biased variance kept.
  fileprivate static func keras(_ path: Path, _ channels: Int) -> BatchNorm {
    BatchNorm(path, channels, momentum: 0.01, epsilon: 1e-3, keeping: .biased)
  }
}

extension Architecture {
  /// The networks of TensorFlow's DCGAN tutorial.
  static let dcganKeras = Architecture(
    name: "dcgan-keras", defaultBaseWidth: 64,
    normalizesNumbers: true,
    check: { networks throws(TrainingError) in
      guard networks.shape.height % 4 == 0, networks.shape.width % 4 == 0 else {
        throw TrainingError("dcgan-keras needs sides that are multiples of 4, not \(networks.shape.sizeText)")
      }
    },
    largestWeight: { networks throws(TrainingError) in
      let (latents, width) = (Double(networks.generatorNetwork.latentSize), Double(networks.baseWidth))
      let pixels = Double(networks.shape.height) * Double(networks.shape.width)
      return max(latents * width * pixels / 4, 200 * width * width, 25 * width * Double(networks.shape.channels))
    },
    generator: { state, networks throws(TrainingError) in KerasDCGANGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "dcgan-keras's discriminator", norms: [.none], hasMinibatchDeviation: false, hasDropout: true
    ) { state, networks, settings throws(TrainingError) in
      KerasDCGANDiscriminator(state, networks, dropout: settings.dropout)
    })
}
