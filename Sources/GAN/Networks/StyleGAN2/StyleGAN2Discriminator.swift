/// The discriminator of StyleGAN2 (Karras et al. 2020, arXiv:1912.04958, figure 7), in its residual form: a 1x1 convolution,
/// blocks that halve the maps, then a convolution of the smallest maps and two fully connected layers. Leaky relus have a slope
/// of 0.2.
public final class StyleGAN2Discriminator: UnconditionalDiscriminator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// The number of features F.
  public let featureCount: Int
  private let image: EqualizedConv2d
  private let blocks: [StyleGAN2DownBlock]
  private let convolution: EqualizedConv2d
  private let connected, score: EqualizedLinear
  private let deviation: MinibatchStandardDeviation?

  init(_ state: StateDict, _ description: NetworkDescription, _ settings: DiscriminatorSettings) throws(TrainingError) {
    self.state = state
    let (path, plan) = (state.root, try StyleGAN2Plan(description))
    let levels = Array(plan.levels.reversed())
    image = EqualizedConv2d(
      path / levels[0].name / "fromrgb", description.shape.channels, levels[0].features, kernel: 1)
    blocks = zip(levels, levels.dropFirst()).map { StyleGAN2DownBlock(path / $0.name, $0, to: $1) }
    let (last, end) = (levels[levels.count - 1], path / levels[levels.count - 1].name)
    deviation = settings.minibatchDeviation ? MinibatchStandardDeviation() : nil
    convolution = EqualizedConv2d(
      end / "conv", last.features + (settings.minibatchDeviation ? 1 : 0), last.features, kernel: 3)
    connected = EqualizedLinear(end / "fc", last.features * last.size.0 * last.size.1, last.features)
    score = EqualizedLinear(end / "out", last.features, 1)
    featureCount = last.features
  }

  /// What the last layer but one makes, `[N, F]`, of images `[N, C, H, W]`.
  public func features(_ images: Images, _ pass: Pass) -> Tensor {
    let gain = 2.0.squareRoot()
    var x = image(images.tensor, scale: gain).leakyReLU(0.2)
    for block in blocks { x = block(x) }
    x = convolution(deviation?(x) ?? x, scale: gain).leakyReLU(0.2)
    return connected(x.contiguous().flattened(), scale: gain).leakyReLU(0.2)
  }

  /// Scores `[N, 1]` of features `[N, F]`.
  public func scores(_ features: Tensor, _ pass: Pass) -> Scores { Scores(score(features)) }
}

/// A residual block that halves maps: 3x3, 3x3 with a stride, beside it 1x1 with a stride, each smoothed before its stride; their
/// sum is divided by √2.
private final class StyleGAN2DownBlock {
  private let first, second, shortcut: EqualizedConv2d

  init(_ path: Path, _ level: StyleGAN2Plan.Level, to next: StyleGAN2Plan.Level) {
    let factor = (level.size.0 / next.size.0, level.size.1 / next.size.1)
    first = EqualizedConv2d(path / "conv0", level.features, level.features, kernel: 3)
    second = EqualizedConv2d(path / "conv1", level.features, next.features, kernel: 3, factor: factor)
    shortcut = EqualizedConv2d(path / "skip", level.features, next.features, kernel: 1, factor: factor, bias: false)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    // Of the gains √2 after a leaky relu and √½ after the sum, the second convolution has both.
    let y = first(x, scale: 2.0.squareRoot()).leakyReLU(0.2)
    return second(y).leakyReLU(0.2) + shortcut(x, scale: 0.5.squareRoot())
  }
}
