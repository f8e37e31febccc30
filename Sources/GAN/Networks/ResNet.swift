/// The residual generator of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4) for images whose sides are
/// k · 2ⁿ pixels, k = 4…7; ``ResNetPlan`` has its widths.
///
/// A linear layer makes the smallest maps, each block doubles them; then batch norm, relu, a 3x3 convolution, tanh.
/// With conditional batch norm, its blocks have a gain and a bias for each class (Miyato and Koyama 2018,
/// arXiv:1802.05637, figure 14); the last norm has one for all, as the authors' code. With `attention` one
/// self-attention stands between the blocks (Zhang et al. 2019, arXiv:1805.08318), without spectral norm here as all of
/// the generator.
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

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`, of `classes` `[N]` where it was built for some.
  public func callAsFunction(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Images {
    precondition(
      (classes != nil) == (description.conditioning == .batchNorm),
      "a generator takes classes if, and only if, its batch norm is conditional")
    var x = project(latents).reshaped(-1, plan.features[0], plan.smallest.0, plan.smallest.1)
    for (index, block) in blocks.enumerated() {
      if let attention, index == plan.attention.generator { x = attention(x, pass) }
      x = block(x, classes: classes, pass)
    }
    return Images(image(norm(x, pass, then: .relu)).tanh())
  }
}

/// A residual block that makes maps larger: batch norm, relu, nearest neighbours, 3x3, batch norm, relu, 3x3; beside it
/// a 1x1 convolution, applied before the upsampling, which is equivalent and cheaper.
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

/// The residual discriminator of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4); ``ResNetPlan`` has its
/// blocks. Each weight has spectral norm unless the settings say otherwise; then relu, the sum over all positions, a
/// linear score.
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

  /// The sums of the last maps, `[N, F]`, of images `[N, C, H, W]`.
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
/// convolution where shapes change, applied after the mean, which is equivalent and cheaper. The first block of a
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

/// The blocks of the residual networks of SNGAN (Miyato et al. 2018, arXiv:1802.05957, appendix B.4, tables 3 to 5) for
/// sides of k · 2ⁿ pixels, k = 4…7.
///
/// Up to 32 pixels, as for CIFAR-10 (table 3): the base width throughout G and half of it throughout D, whose first two
/// of four blocks halve the maps. Above, as for STL-10's 48 and ImageNet's 128 pixels (tables 4 and 5): G's widths
/// double from the base at the picture's size toward the smallest maps, at most 16-fold; D's do so from its first block
/// on, each halving the maps while they are even and larger than 4, and a last block keeps them.
package struct ResNetPlan {
  /// One block of the discriminator.
  package struct Down {
    /// The channels it makes.
    package let features: Int
    /// By how much it makes the (height, width) shorter.
    package let factor: (Int, Int)
  }

  /// The size of the generator's smallest map.
  package let smallest: (Int, Int)
  /// By how much each block of the generator makes the (height, width) longer.
  package let ups: [(Int, Int)]
  /// The channels before the first of these blocks, and after each.
  package let features: [Int]
  /// The blocks of the discriminator.
  package let downs: [Down]
  /// The number of blocks before the self-attention, of the generator and of the discriminator.
  ///
  /// The authors of SAGAN found it best at maps of 32 of 128 pixels, a quarter of the side. Here it acts on the largest
  /// maps within a quarter of the longer side, a limit that is at least 16 and at most 32: on larger maps attention
  /// between all pairs of positions costs more than the convolutions.
  package let attention: (generator: Int, discriminator: Int)

  package init(height: Int, width: Int, baseWidth: Int) throws(TrainingError) {
    let plan = try DCGANPlan(height: height, width: width, baseWidth: baseWidth, least: 4)
    (smallest, ups) = (plan.smallest, plan.strides)
    let (side, count) = (max(height, width), plan.strides.count)
    let isSmall = side <= 32
    features = (0...count).map { isSmall ? baseWidth : baseWidth * min(1 << (count - $0), 16) }

    let (rows, columns) = (
      Self.halvings(height, atMost: isSmall ? 2 : 8), Self.halvings(width, atMost: isSmall ? 2 : 8)
    )
    downs = (0..<(isSmall ? 4 : max(rows, columns) + 1)).map { block in
      Down(
        features: isSmall ? max(baseWidth / 2, 1) : baseWidth * min(1 << block, 16),
        factor: (block < rows ? 2 : 1, block < columns ? 2 : 1))
    }

    let limit = max(16, min(side / 4, 32))
    var maps = smallest
    var generator = 0
    for (block, up) in ups.dropLast().enumerated() {
      maps = (maps.0 * up.0, maps.1 * up.1)
      if max(maps.0, maps.1) <= limit { generator = block + 1 }
    }
    maps = (height, width)
    var discriminator = 0
    repeat {
      maps = (maps.0 / downs[discriminator].factor.0, maps.1 / downs[discriminator].factor.1)
      discriminator += 1
    } while max(maps.0, maps.1) > limit && discriminator < downs.count
    attention = (generator, discriminator)
  }

  private static func halvings(_ side: Int, atMost limit: Int) -> Int {
    var (rest, halvings) = (side, 0)
    while rest % 2 == 0 && rest > 4 && halvings < limit { (rest, halvings) = (rest / 2, halvings + 1) }
    return halvings
  }
}

extension Architecture {
  /// SNGAN's residual networks.
  static let resnet = Architecture(
    name: "resnet", defaultBaseWidth: 64, conditionings: [.batchNorm, .concatenation], hasAttention: true,
    check: { networks throws(TrainingError) in
      _ = try ResNetPlan(height: networks.shape.height, width: networks.shape.width, baseWidth: networks.baseWidth)
    },
    largestWeight: { networks throws(TrainingError) in
      let plan = try ResNetPlan(height: networks.shape.height, width: networks.shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * Double(networks.baseWidth) }
      let convolutions = zip(features, features.dropFirst()).map { 9 * max($0, $1) * $1 }
      let smallest = Double(plan.smallest.0 * plan.smallest.1)
      return max(
        Double(networks.generatorNetwork.latentSize) * features[0] * smallest, convolutions.max() ?? 0,
        9 * (features.last ?? 0) * Double(networks.shape.channels))
    },
    generator: { state, networks throws(TrainingError) in try ResNetGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "resnet's discriminator", norms: [.spectral, .none]
    ) { state, networks, settings throws(TrainingError) in
      try ResNetDiscriminator(state, networks, settings)
    })
}
