/// The generator of DCGAN (Radford et al. 2016, arXiv:1511.06434, figure 1) for images whose sides are k · 2ⁿ pixels,
/// k = 3…7. Weights are drawn from N(0, 0.02²) (section 4), those of batch norm from N(1, 0.02²).
public final class DCGANGenerator: UnconditionalGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let project: ConvTranspose2d
  package let norms: [BatchNorm]
  package let ups: [ConvTranspose2d]
  package let image: ConvTranspose2d

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    self.description = description
    let (path, shape) = (state.root, description.shape)
    let plan = try DCGANPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    let features = plan.features
    project = ConvTranspose2d(
      path / "project", description.latentSize, features[0], kernel: plan.smallest, bias: false, initializer: .normal())
    var norms = [BatchNorm(path / "norm0", features[0], initializer: .normal(mean: 1))]
    var ups: [ConvTranspose2d] = []
    for level in 1..<plan.strides.count {
      let stride = plan.strides[level - 1]
      ups.append(
        ConvTranspose2d(
          path / "up\(level)", features[level - 1], features[level], kernel: DCGANPlan.kernel(stride), stride: stride,
          padding: .symmetric(1), bias: false, initializer: .normal()))
      norms.append(BatchNorm(path / "norm\(level)", features[level], initializer: .normal(mean: 1)))
    }
    let stride = plan.strides[plan.strides.count - 1]
    image = ConvTranspose2d(
      path / "image", features[features.count - 1], shape.channels, kernel: DCGANPlan.kernel(stride), stride: stride,
      padding: .symmetric(1), bias: false, initializer: .normal())
    self.norms = norms
    self.ups = ups
  }

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    var x = norms[0](project(latents.reshaped(-1, latentSize, 1, 1)), pass, then: .relu)
    for (up, norm) in zip(ups, norms.dropFirst()) { x = norm(up(x), pass, then: .relu) }
    return Images(image(x).tanh())
  }
}

/// The discriminator of DCGAN: the generator's mirror with leaky relu of slope 0.2, no batch norm in its first layer.
/// In place of batch norm it can have spectral norm of each weight, or none; then its convolutions have biases. It can have
/// further 3x3 convolutions of its smallest maps.
public final class DCGANDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let downs: [MaybeSpectral<Conv2d>]
  package let norms: [BatchNorm]
  package let score: MaybeSpectral<Conv2d>
  private let deviation: MinibatchStandardDeviation?

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) throws(TrainingError) {
    self.state = state
    let (path, shape, norm) = (state.root, description.shape, settings.norm ?? .batch)
    let plan = try DCGANPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    var (downs, norms): ([MaybeSpectral<Conv2d>], [BatchNorm]) = ([], [])
    var channels = shape.channels
    let halving = Array(zip(plan.features.reversed(), plan.strides.reversed()))
    let keeping = Array(repeating: (plan.features[0], (1, 1)), count: settings.extraLayers)
    for (level, (features, stride)) in (halving + keeping).enumerated() {
      let down = Conv2d(
        path / "down\(level + 1)", channels, features, kernel: DCGANPlan.kernel(stride), stride: stride,
        padding: .symmetric(1), bias: norm != .batch, initializer: .normal())
      downs.append(MaybeSpectral(down, spectral: norm == .spectral))
      if level > 0 && norm == .batch {
        norms.append(BatchNorm(path / "norm\(level + 1)", features, initializer: .normal(mean: 1)))
      }
      channels = features
    }
    deviation = settings.minibatchDeviation ? MinibatchStandardDeviation() : nil
    if settings.minibatchDeviation { channels += 1 }
    let score = Conv2d(
      path / "score", channels, 1, kernel: plan.smallest, bias: norm != .batch, initializer: .normal())
    self.score = MaybeSpectral(score, spectral: norm == .spectral)
    self.downs = downs
    self.norms = norms
  }

  /// The number of elements of its last maps.
  public var featureCount: Int { score.layer.weight.count }

  /// The last maps `[N, F]`, in the order H, W, C, of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = downs[0](images.tensor, pass).leakyReLU(0.2)
    for (level, down) in downs.enumerated().dropFirst() {
      x = down(x, pass)
      x = norms.isEmpty ? x.leakyReLU(0.2) : norms[level - 1](x, pass, then: .leakyReLU(0.2))
    }
    return (deviation?(x) ?? x).permuted(0, 2, 3, 1).flattened()
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores {
    Scores(features.linear(score.weight(pass).permuted(0, 2, 3, 1).flattened(), score.layer.bias))
  }
}

extension Architecture {
  /// DCGAN's convolutions.
  static let dcgan = Architecture(
    name: "dcgan", defaultBaseWidth: 64,
    check: { networks throws(TrainingError) in _ = try DCGANPlan(networks) },
    largestWeight: { networks throws(TrainingError) in
      let plan = try DCGANPlan(height: networks.shape.height, width: networks.shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * Double(networks.baseWidth) }
      let ups = zip(features, features.dropFirst()).map { 16 * $0 * $1 }
      let smallest = Double(plan.smallest.0 * plan.smallest.1)
      return max(
        Double(networks.generatorNetwork.latentSize) * features[0] * smallest, ups.max() ?? 0,
        16 * (features.last ?? 0) * Double(networks.shape.channels))
    },
    generator: { state, networks throws(TrainingError) in try DCGANGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "dcgan's discriminator", norms: [.batch, .spectral, .none], hasExtraLayers: true
    ) { state, networks, settings throws(TrainingError) in
      try DCGANDiscriminator(state, networks, settings)
    })
}
