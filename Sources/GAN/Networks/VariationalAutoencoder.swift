/// The variational autoencoder (Kingma and Welling 2014, arXiv:1312.6114): an encoder that gives the distribution of an
/// image's latents, q(z | x), and a decoder that draws the image of latents.
///
/// ```swift
/// let posterior = autoencoder.encode(images, pass)
/// let decoded = autoencoder.decode(posterior.draw(noise), pass)
/// let loss = Reconstruction.l2(decoded, images) + weight * posterior.divergence()
/// ```
public final class VariationalAutoencoder: Module {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: AutoencoderDescription
  /// What draws images.
  public let decoder: VariationalDecoder
  private let encoder: any FeatureEncoder
  private let mean, logVariance: Linear

  /// A network whose parameters join `state`.
  ///
  /// - Throws: ``TrainingError`` for sides that the convolutions cannot halve.
  public init(_ state: StateDict, _ description: AutoencoderDescription) throws(TrainingError) {
    (self.state, self.description) = (state, description)
    let (path, latentSize) = (state.root / "encoder", description.latentSize)
    encoder = try description.encoder(path)
    let layers = try description.decoder(state.root / "decoder")
    decoder = VariationalDecoder(state.part("decoder"), layers, description)
    mean = Linear(path / "mean", encoder.featureCount, latentSize, initializer: .glorotUniform)
    logVariance = Linear(path / "log_variance", encoder.featureCount, latentSize, initializer: .glorotUniform)
  }

  /// The distribution of the latents of images `[N, C, H, W]`.
  public func encode(_ images: Images, _ pass: Pass) -> DiagonalGaussian {
    // In the parameters' type: a variance is the exponential of what is computed here.
    let features = encoder(images.tensor, pass).to(state.dtype)
    return withoutAutocast(on: features.device) {
      DiagonalGaussian(mean: mean(features), logVariance: logVariance(features))
    }
  }

  /// The images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func decode(_ latents: Tensor, _ pass: Pass) -> Images { decoder(latents, pass) }
}

/// The decoder of a variational autoencoder: what a run ships. It takes standard normal latents, as the prior p(z) has
/// them.
public final class VariationalDecoder: Model {
  /// What its file calls the network.
  public static let network = "variational-decoder"

  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: AutoencoderDescription
  /// `generator.safetensors`.
  public var fileName: String { "generator.safetensors" }
  /// What its file says of it.
  public var blueprint: Blueprint { description.blueprint }
  private let layers: any ImageDecoder

  /// A decoder by itself, whose parameters join `state`.
  ///
  /// - Throws: ``TrainingError`` for sides that the convolutions cannot double.
  public convenience init(_ state: StateDict, _ description: AutoencoderDescription) throws(TrainingError) {
    let layers = try description.decoder(state.root)
    self.init(state, layers, description)
  }

  fileprivate init(_ state: StateDict, _ layers: any ImageDecoder, _ description: AutoencoderDescription) {
    (self.state, self.layers, self.description) = (state, layers, description)
  }

  /// The images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images { Images(layers(latents, pass).tanh()) }

  /// The column of images that the column of latents makes.
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    Batch(count: input.count).with(.images, self(input[.latents].tensor, pass))
  }
}

extension AutoencoderDescription {
  fileprivate func encoder(_ path: Path) throws(TrainingError) -> any FeatureEncoder {
    switch network {
    case .convolutional: ConvolutionalEncoder(path, shape.channels, try plan)
    case .fullyConnected: ConnectedEncoder(path, sizes, baseWidth)
    }
  }

  fileprivate func decoder(_ path: Path) throws(TrainingError) -> any ImageDecoder {
    switch network {
    case .convolutional: ConvolutionalDecoder(path, shape.channels, latentSize, try plan)
    case .fullyConnected: ConnectedDecoder(path, sizes, latentSize, baseWidth)
    }
  }

  private var sizes: [Int] { [shape.channels, shape.height, shape.width] }
}

/// A normal distribution of vectors for each sample, with independent components.
public struct DiagonalGaussian {
  /// The means, `[N, size]`.
  public let mean: Tensor
  /// The logarithms of the variances, `[N, size]`.
  public let logVariance: Tensor

  /// The distributions with these means and logarithms of variances.
  public init(mean: Tensor, logVariance: Tensor) { (self.mean, self.logVariance) = (mean, logVariance) }

  /// A draw from each distribution by standard normal `noise` `[N, size]`, through which gradients flow: μ + σ ε
  /// (Kingma and Welling 2014, section 2.4).
  public func draw(_ noise: Tensor) -> Tensor { mean + (logVariance * 0.5).exp() * noise }

  /// The mean over the samples of the Kullback-Leibler divergence from the standard normal distribution, ½ Σ (μ² + σ² −
  /// 1 − log σ²) (Kingma and Welling 2014, appendix B).
  public func divergence() -> Loss {
    Loss((mean.squared() + logVariance.exp() - 1 - logVariance).sum(axes: [1]).mean() * 0.5)
  }
}

/// The part of an encoder before its heads.
private protocol FeatureEncoder {
  var featureCount: Int { get }
  /// `[N, featureCount]` of `[N, C, H, W]`.
  func callAsFunction(_ images: Tensor, _ pass: Pass) -> Tensor
}

/// A decoder before its tanh.
private protocol ImageDecoder {
  /// `[N, C, H, W]` of `[N, latentSize]`.
  func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Tensor
}

/// Convolutions that halve the maps, each with batch norm and leaky relu of slope 0.2.
private final class ConvolutionalEncoder: FeatureEncoder {
  let downs: [Conv2d]
  let norms: [BatchNorm]
  let featureCount: Int

  init(_ path: Path, _ channels: Int, _ plan: DCGANPlan) {
    let widths = Array(plan.features.reversed())
    var (downs, norms): ([Conv2d], [BatchNorm]) = ([], [])
    for (level, stride) in plan.strides.reversed().enumerated() {
      downs.append(
        Conv2d(
          path / "down\(level + 1)", level == 0 ? channels : widths[level - 1], widths[level],
          kernel: DCGANPlan.kernel(stride), stride: stride, padding: .symmetric(1), bias: false, initializer: .normal())
      )
      norms.append(BatchNorm(path / "norm\(level + 1)", widths[level], initializer: .normal(mean: 1)))
    }
    (self.downs, self.norms) = (downs, norms)
    featureCount = plan.features[0] * plan.smallest.0 * plan.smallest.1
  }

  func callAsFunction(_ images: Tensor, _ pass: Pass) -> Tensor {
    var x = images
    for (down, norm) in zip(downs, norms) { x = norm(down(x), pass, then: .leakyReLU(0.2)) }
    return x.flattened()
  }
}

/// A linear layer to the smallest maps and transposed convolutions that double them, as DCGAN's generator.
private final class ConvolutionalDecoder: ImageDecoder {
  let project: Linear
  let norms: [BatchNorm]
  let ups: [ConvTranspose2d]
  let smallest: [Int]

  init(_ path: Path, _ channels: Int, _ latentSize: Int, _ plan: DCGANPlan) {
    let widths = plan.features + [channels]
    smallest = [widths[0], plan.smallest.0, plan.smallest.1]
    project = Linear(path / "project", latentSize, smallest.reduce(1, *), bias: false, initializer: .normal())
    var (ups, norms): ([ConvTranspose2d], [BatchNorm]) = ([], [])
    for (level, stride) in plan.strides.enumerated() {
      let isLast = level == plan.strides.count - 1
      norms.append(BatchNorm(path / "norm\(level)", widths[level], initializer: .normal(mean: 1)))
      ups.append(
        ConvTranspose2d(
          path / (isLast ? "image" : "up\(level + 1)"), widths[level], widths[level + 1],
          kernel: DCGANPlan.kernel(stride), stride: stride, padding: .symmetric(1), bias: isLast,
          initializer: .normal()))
    }
    (self.ups, self.norms) = (ups, norms)
  }

  func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Tensor {
    var x = project(latents).reshaped([latents.size(0)] + smallest)
    for (norm, up) in zip(norms, ups) { x = up(norm(x, pass, then: .relu)) }
    return x
  }
}

private final class ConnectedEncoder: FeatureEncoder {
  let hidden1, hidden2: Linear
  let featureCount: Int

  init(_ path: Path, _ shape: [Int], _ baseWidth: Int) {
    hidden1 = Linear(path / "hidden1", shape.reduce(1, *), 2 * baseWidth, initializer: .heNormal())
    hidden2 = Linear(path / "hidden2", 2 * baseWidth, baseWidth, initializer: .heNormal())
    featureCount = baseWidth
  }

  func callAsFunction(_ images: Tensor, _ pass: Pass) -> Tensor { hidden2(hidden1(images.flattened()).relu()).relu() }
}

private final class ConnectedDecoder: ImageDecoder {
  let hidden1, hidden2, image: Linear
  let shape: [Int]

  init(_ path: Path, _ shape: [Int], _ latentSize: Int, _ baseWidth: Int) {
    self.shape = shape
    hidden1 = Linear(path / "hidden1", latentSize, baseWidth, initializer: .heNormal())
    hidden2 = Linear(path / "hidden2", baseWidth, 2 * baseWidth, initializer: .heNormal())
    image = Linear(path / "image", 2 * baseWidth, shape.reduce(1, *), initializer: .glorotUniform)
  }

  func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Tensor {
    image(hidden2(hidden1(latents).relu()).relu()).reshaped([latents.size(0)] + shape)
  }
}
