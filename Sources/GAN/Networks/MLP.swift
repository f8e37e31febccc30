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

  /// How many random numbers make a picture.
  public var latentSize: Int { description.latentSize }

  /// Pictures `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    let shape = description.shape
    let x = fc3(fc2(fc1(latents).relu()).relu()).relu()
    return Images(fc4(x).tanh().reshaped(-1, shape.channels, shape.height, shape.width))
  }
}

/// The fully connected discriminator: a picture through three layers of 2 base features to a score, by default
/// 784-512-512-512-1; leaky relu of slope 0.2.
public final class MLPDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let fc1, fc2, fc3, fc4: Linear

  init(_ state: StateDict, _ description: NetworkDescription) {
    self.state = state
    let (path, width) = (state.root, 2 * description.baseWidth)
    let initializer = Initializer.heNormal(slope: 0.2)
    fc1 = Linear(path / "fc1", description.shape.elementCount, width, initializer: initializer)
    fc2 = Linear(path / "fc2", width, width, initializer: initializer)
    fc3 = Linear(path / "fc3", width, width, initializer: initializer)
    fc4 = Linear(path / "fc4", width, 1, initializer: .glorotNormal)
  }

  /// The width of its last hidden layer.
  public var featureCount: Int { fc4.weight.size(1) }

  /// The last hidden layer `[N, F]` for pictures `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = fc1(images.tensor.flattened()).leakyReLU(0.2)
    x = fc2(x).leakyReLU(0.2)
    return fc3(x).leakyReLU(0.2)
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(fc4(features)) }
}
