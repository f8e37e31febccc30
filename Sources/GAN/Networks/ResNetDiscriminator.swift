/// The residual discriminator of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4); ``ResNetPlan`` has its
/// blocks. Each weight has spectral norm, unless it was asked for none; relu, the sum over all places, a linear score.
public final class ResNetDiscriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  package let blocks: [ResNetDownBlock]
  package let attention: SelfAttention?
  package let score: MaybeSpectral<Linear>
  /// The number of features F.
  public let featureCount: Int
  private let deviation: MinibatchStandardDeviation?
  private let plan: ResNetPlan

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) throws(TrainingError) {
    self.state = state
    let (path, shape, spectral) = (state.root, description.shape, settings.norm != DiscriminatorNorm.none)
    plan = try ResNetPlan(height: shape.height, width: shape.width, baseWidth: description.baseWidth)
    var channels = shape.channels
    var blocks: [ResNetDownBlock] = []
    for (index, down) in plan.downs.enumerated() {
      blocks.append(
        ResNetDownBlock(
          path / "block\(index + 1)", channels, down.features, factor: down.factor, isFirst: index == 0,
          spectral: spectral))
      channels = down.features
    }
    self.blocks = blocks
    attention =
      description.attention
      ? SelfAttention(path / "attention", plan.downs[plan.attention.discriminator - 1].features, spectral: spectral)
      : nil
    deviation = settings.minibatchDeviation ? MinibatchStandardDeviation() : nil
    featureCount = channels + (settings.minibatchDeviation ? 1 : 0)
    score = MaybeSpectral(Linear(path / "score", featureCount, 1, initializer: .glorotUniform), spectral: spectral)
  }

  /// The sums of the last maps, `[N, F]`, of pictures `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    var x = images.tensor
    for (index, block) in blocks.enumerated() {
      x = block(x, pass)
      if let attention, index + 1 == plan.attention.discriminator { x = attention(x, pass) }
    }
    x = x.relu()
    return (deviation?(x) ?? x).sum(axes: [2, 3])
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(score(features, pass)) }
}

/// A residual block that makes maps smaller, or keeps them: relu, 3x3, relu, 3x3, means of squares; beside it a 1x1
/// convolution where shapes change, taken of the means, which makes no difference but to the cost. The first block of a
/// network begins without relu: its input is a picture.
package final class ResNetDownBlock {
  package let conv1, conv2: MaybeSpectral<Conv2d>
  package let shortcut: MaybeSpectral<Conv2d>?
  private let factor: (Int, Int)
  private let isFirst: Bool

  init(_ path: Path, _ inputs: Int, _ outputs: Int, factor: (Int, Int), isFirst: Bool, spectral: Bool) {
    let hidden = isFirst ? outputs : inputs
    conv1 = MaybeSpectral(.residual(path / "conv1", inputs, hidden), spectral: spectral)
    conv2 = MaybeSpectral(.residual(path / "conv2", hidden, outputs), spectral: spectral)
    shortcut =
      inputs == outputs && factor == (1, 1)
      ? nil
      : MaybeSpectral(
        Conv2d(path / "shortcut", inputs, outputs, kernel: 1, initializer: .glorotUniform), spectral: spectral)
    self.factor = factor
    self.isFirst = isFirst
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let y = conv2(conv1(isFirst ? x : x.relu(), pass).relu(), pass)
    let straight = pooled(x)
    return pooled(y) + (shortcut?(straight, pass) ?? straight)
  }

  private func pooled(_ maps: Tensor) -> Tensor {
    let window = [factor.0, factor.1]
    return window == [1, 1] ? maps : maps.averagePooled(window, stride: window)
  }
}
