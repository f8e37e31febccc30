/// The discriminator of R3GAN (Huang et al. 2024, arXiv:2501.05441, section 4), the generator's mirror: a 1x1 convolution,
/// stages of two residual blocks, each but the last before ``BinomialDownSample`` and a 1x1 convolution; then each of the
/// smallest maps is weighed by a basis of its own and summed, and a linear score.
public final class R3GANDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let extract: Conv2d
  package let stages: [R3GANStage]
  package let basis: Tensor
  package let score: Linear
  /// The number of features F.
  public let featureCount: Int
  private let deviation: MinibatchStandardDeviation?

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) throws(TrainingError) {
    self.state = state
    let (path, shape) = (state.root, description.shape)
    let plan = try R3GANPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    let (features, downs) = (Array(plan.features.reversed()), Array(plan.ups.reversed()))
    extract = Conv2d(
      path / "extract", shape.channels, features[0], kernel: 1, bias: false, initializer: .unitVariance)
    stages = features.indices.map { level in
      let isLast = level == downs.count
      return R3GANStage(
        path / "stage\(level)", features[level], change: isLast ? nil : (features[level], features[level + 1]),
        factor: isLast ? (1, 1) : downs[level], gain: plan.gain)
    }
    deviation = settings.minibatchDeviation ? MinibatchStandardDeviation() : nil
    featureCount = features[downs.count] + (settings.minibatchDeviation ? 1 : 0)
    let places = Double(plan.smallest.0 * plan.smallest.1)
    basis = path.parameter(
      "basis", shape: [featureCount, plan.smallest.0, plan.smallest.1], .normal(deviation: 1 / places.squareRoot()))
    score = Linear(path / "score", featureCount, 1, bias: false, initializer: .unitVariance)
  }

  /// The sums of the last maps, weighed by the basis, `[N, F]`, of pictures `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = extract(images.tensor)
    for stage in stages {
      for block in stage.blocks { x = block(x) }
      x = BinomialDownSample(stage.factor)(x)
      x = stage.transition?(x) ?? x
    }
    return ((deviation?(x) ?? x) * basis).sum(axes: [2, 3])
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(score(features)) }
}
