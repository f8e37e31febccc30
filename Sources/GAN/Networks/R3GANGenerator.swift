/// The generator of R3GAN (Huang et al. 2024, arXiv:2501.05441, section 4) for pictures whose sides are k · 2ⁿ pixels,
/// k = 3…7; ``R3GANPlan`` has its widths.
///
/// A learnt basis of the smallest maps is weighed by the latents; stages of two residual blocks follow, each after a 1x1
/// convolution and ``BinomialUpSample``; at the end a 1x1 convolution. As in the authors' code nothing keeps what it draws
/// within [-1, 1] while it learns; pictures for use are cut off there.
public final class R3GANGenerator: UnconditionalGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let basis: Tensor
  package let project: Linear
  package let stages: [R3GANStage]
  package let image: Conv2d

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    self.description = description
    let (path, shape) = (state.root, description.shape)
    let plan = try R3GANPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    let features = plan.features
    basis = path.parameter(
      "basis", shape: [features[0], plan.smallest.0, plan.smallest.1], .normal(deviation: 1))
    project = Linear(
      path / "project", description.latentSize, features[0], bias: false, initializer: .unitVariance)
    stages = features.indices.map { level in
      R3GANStage(
        path / "stage\(level)", features[level], change: level == 0 ? nil : (features[level - 1], features[level]),
        factor: level == 0 ? (1, 1) : plan.ups[level - 1], gain: plan.gain)
    }
    image = Conv2d(
      path / "image", features[features.count - 1], shape.channels, kernel: 1, bias: false, initializer: .unitVariance)
  }

  /// How many random numbers make a picture.
  public var latentSize: Int { description.latentSize }

  /// Pictures `[N, C, H, W]` of latents `[N, latentSize]`; in [-1, 1] in an inference pass.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    let weights = project(latents)
    var x = (basis.to(weights.dtype) * weights.reshaped(-1, weights.size(1), 1, 1)).contiguous(.channelsLast)
    for stage in stages {
      x = BinomialUpSample(stage.factor)(stage.transition?(x) ?? x)
      for block in stage.blocks { x = block(x) }
    }
    x = image(x)
    return Images(pass.isTraining ? x : x.clamped(-1, 1))
  }
}
