/// The residual generator of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4) for pictures whose sides are
/// k · 2ⁿ pixels, k = 4…7; ``ResNetPlan`` has its widths.
///
/// A linear layer makes the smallest maps, each block doubles them; then batch norm, relu, a 3x3 convolution, tanh.
/// Asked for conditional batch norm, its blocks have a gain and a bias of each class (Miyato and Koyama 2018,
/// arXiv:1802.05637, figure 14); the last norm has one for all, as the authors' code. With `attention` one self-attention
/// stands between the blocks (Zhang et al. 2019, arXiv:1805.08318), without spectral norm here as all of the generator.
public final class ResNetGenerator: Generator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let project: Linear
  package let blocks: [ResNetUpBlock]
  package let attention: SelfAttention?
  package let norm: BatchNorm
  package let image: Conv2d
  private let plan: ResNetPlan

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    self.description = description
    let (path, shape) = (state.root, description.shape)
    plan = try ResNetPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    let (features, classes) = (plan.features, description.conditioning == .batchNorm ? description.classes : 0)
    project = Linear(
      path / "project", description.latentSize, features[0] * plan.smallest.0 * plan.smallest.1,
      initializer: .glorotUniform)
    blocks = plan.ups.enumerated().map { index, factor in
      ResNetUpBlock(
        path / "block\(index + 1)", features[index], features[index + 1], factor: factor, classes: classes)
    }
    attention = description.attention ? SelfAttention(path / "attention", features[plan.attention.generator]) : nil
    norm = BatchNorm(path / "norm", features[features.count - 1])
    image = Conv2d(
      path / "image", features[features.count - 1], shape.channels, kernel: 3, padding: .symmetric(1),
      initializer: .glorotUniform)
  }

  /// How many random numbers make a picture.
  public var latentSize: Int { description.latentSize }

  /// Pictures `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`, of `classes` `[N]` where it was built for some.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    precondition(
      (classes != nil) == (description.conditioning == .batchNorm),
      "a generator takes classes when its batch norm is conditional, and else none")
    var x = project(latents).reshaped(-1, plan.features[0], plan.smallest.0, plan.smallest.1)
    for (index, block) in blocks.enumerated() {
      if let attention, index == plan.attention.generator { x = attention(x, pass) }
      x = block(x, classes: classes, pass)
    }
    return Images(image(norm(x, pass, then: .relu)).tanh())
  }
}

/// A residual block that makes maps larger: batch norm, relu, nearest neighbours, 3x3, batch norm, relu, 3x3; beside it a
/// 1x1 convolution, taken before the pixels are repeated, which makes no difference but to the cost.
package final class ResNetUpBlock {
  package let norm1, norm2: ResNetNorm
  package let conv1, conv2, shortcut: Conv2d
  private let factor: (Int, Int)

  init(_ path: Path, _ inputs: Int, _ outputs: Int, factor: (Int, Int), classes: Int) {
    let glorot = Initializer.glorotUniform
    norm1 = ResNetNorm(path / "norm1", inputs, classes: classes)
    conv1 = .residual(path / "conv1", inputs, outputs)
    norm2 = ResNetNorm(path / "norm2", outputs, classes: classes)
    conv2 = .residual(path / "conv2", outputs, outputs)
    shortcut = Conv2d(path / "shortcut", inputs, outputs, kernel: 1, initializer: glorot)
    self.factor = factor
  }

  package func callAsFunction(_ x: Tensor, classes: Tensor?, _ pass: Pass) -> Tensor {
    let size = [x.size(2) * factor.0, x.size(3) * factor.1]
    let y = conv1(norm1(x, classes: classes, pass, then: .relu).upsampledNearest(size))
    return conv2(norm2(y, classes: classes, pass, then: .relu)) + shortcut(x).upsampledNearest(size)
  }
}

/// Batch norm with one gain and bias for all, or with those of each class.
package enum ResNetNorm {
  case shared(BatchNorm)
  case conditional(ConditionalBatchNorm)

  init(_ path: Path, _ channels: Int, classes: Int) {
    self =
      classes == 0
      ? .shared(BatchNorm(path, channels)) : .conditional(ConditionalBatchNorm(path, channels, classes: classes))
  }

  func callAsFunction(_ x: Tensor, classes: Tensor?, _ pass: Pass, then activation: Activation) -> Tensor {
    switch self {
    case .shared(let norm): norm(x, pass, then: activation)
    case .conditional(let norm):
      if let classes {
        norm(x, classes: classes, pass, then: activation)
      } else {
        preconditionFailure("conditional batch norm needs the class of each sample")
      }
    }
  }
}

extension Conv2d {
  /// The 3x3 convolution of a residual branch; its first weights are those of the authors' code, Glorot's times √2.
  static func residual(_ path: Path, _ inputs: Int, _ outputs: Int) -> Conv2d {
    Conv2d(
      path, inputs, outputs, kernel: 3, padding: .symmetric(1),
      initializer: .glorotUniform.scaled(by: 2.0.squareRoot()))
  }
}
