import Glibc

/// The generator of R3GAN (Huang et al. 2024, arXiv:2501.05441, section 4) for images whose sides are k · 2ⁿ pixels,
/// k = 3…7; ``R3GANPlan`` has its widths.
///
/// A learnt basis of the smallest maps is weighed by the latents; stages of two residual blocks follow, each after a
/// 1x1 convolution and ``BinomialUpSample``; at the end a 1x1 convolution. As in the authors' code nothing keeps what
/// it draws within [-1, 1] in training; an inference pass clamps its images.
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

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` of latents `[N, latentSize]`; in [-1, 1] in an inference pass.
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

/// The discriminator of R3GAN (Huang et al. 2024, arXiv:2501.05441, section 4), the generator's mirror: a 1x1
/// convolution, stages of two residual blocks, each but the last before ``BinomialDownSample`` and a 1x1 convolution;
/// then each of the smallest maps is weighed by a basis of its own and summed, and a linear score.
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

  /// The sums of the last maps, weighed by the basis, `[N, F]`, of images `[N, C, H, W]`.
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

/// A residual block of R3GAN (Huang et al. 2024, section 4.2): 1x1 to twice the channels, 3x3 in groups, 1x1 back,
/// leaky relu of slope 0.2 between them, no normalisation. The last weights start as zeros: the block begins as the
/// identity.
///
/// The authors take 16 channels a group; where 16 do not divide the channels inside, the largest power of 2 that does.
package final class R3GANBlock {
  package let conv1, conv2, conv3: Conv2d

  package init(_ path: Path, _ channels: Int, gain: Double) {
    let inside = R3GANPlan.expansion * channels
    let groups = inside / min(16, inside & -inside)
    let initializer = Initializer.heNormal(slope: 0.2).scaled(by: gain)
    conv1 = Conv2d(path / "conv1", channels, inside, kernel: 1, initializer: initializer)
    conv2 = Conv2d(
      path / "conv2", inside, inside, kernel: 3, padding: .symmetric(1), groups: groups, initializer: initializer)
    conv3 = Conv2d(path / "conv3", inside, channels, kernel: 1, bias: false, initializer: .zeros)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x + conv3(conv2(conv1(x).leakyReLU(0.2)).leakyReLU(0.2)) }
}

/// The blocks of one size of maps, and what leads to them or away from them.
package struct R3GANStage {
  package let blocks: [R3GANBlock]
  /// A 1x1 convolution where the number of channels changes.
  package let transition: Conv2d?
  /// By how much the maps' (height, width) change.
  let factor: (Int, Int)

  /// - Parameters:
  ///   - channels: those of the blocks.
  ///   - change: the transition's (inputs, outputs); `nil` where there is none.
  init(_ path: Path, _ channels: Int, change: (Int, Int)?, factor: (Int, Int), gain: Double) {
    blocks = (1...R3GANPlan.blocks).map { R3GANBlock(path / "block\($0)", channels, gain: gain) }
    self.factor = factor
    transition = change.flatMap { inputs, outputs in
      inputs == outputs
        ? nil : Conv2d(path / "transition", inputs, outputs, kernel: 1, bias: false, initializer: .unitVariance)
    }
  }
}

extension Initializer {
  /// Normal with variance 1 / fan in, for layers that no activation follows.
  static var unitVariance: Initializer { heNormal(slope: 1) }
}

/// The stages of R3GAN (Huang et al. 2024, arXiv:2501.05441) for the sides that a ``DCGANPlan`` knows: a stage for each
/// size of maps from the smallest to the picture's, each with two residual blocks.
///
/// Widths double from the base at the picture's size toward the smallest maps, at most 8-fold: the authors' network for
/// 256 pixels has base 96 (96, 192, 384, then 768).
package struct R3GANPlan {
  /// Residual blocks a stage.
  static let blocks = 2
  /// How many times as many channels a block has inside.
  static let expansion = 2

  /// The size of the smallest map.
  package let smallest: (Int, Int)
  /// By how much each stage but that of the smallest maps makes the (height, width) longer.
  package let ups: [(Int, Int)]
  /// The channels of each stage, from the smallest maps to the picture.
  package let features: [Int]

  package init(height: Int, width: Int, baseWidth: Int) throws(TrainingError) {
    let plan = try DCGANPlan(height: height, width: width, baseWidth: baseWidth)
    (smallest, ups) = (plan.smallest, plan.strides)
    features = (0...plan.strides.count).map { baseWidth * min(1 << (plan.strides.count - $0), 8) }
  }

  /// What is left of a block's first weights so that all blocks together keep the signal's variance: with L blocks of
  /// three layers, L to the power of −1/4 (Zhang et al. 2019, arXiv:1901.09321, section 3.2).
  var gain: Double { pow(Double(features.count * Self.blocks), -0.25) }
}

extension Architecture {
  /// R3GAN's residual networks without norms.
  static let r3gan = Architecture(
    name: "r3gan", defaultBaseWidth: 32, check: { networks throws(TrainingError) in _ = try DCGANPlan(networks) },
    largestWeight: { networks throws(TrainingError) in
      let plan = try R3GANPlan(height: networks.shape.height, width: networks.shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * Double(networks.baseWidth) }
      let latents = Double(networks.generatorNetwork.latentSize)
      // A block's 1x1 convolution to twice the channels; its 3x3 is of groups.
      return max(
        latents * features[0], 2 * features[0] * features[0],
        (features.last ?? 0) * Double(networks.shape.channels))
    },
    generator: { state, networks throws(TrainingError) in try R3GANGenerator(state, networks) },
    discriminator: DiscriminatorArchitecture(
      title: "r3gan's discriminator", norms: [.none]
    ) { state, networks, settings throws(TrainingError) in
      try R3GANDiscriminator(state, networks, settings)
    })
}
