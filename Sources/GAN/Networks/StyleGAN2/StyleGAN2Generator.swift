/// The generator of StyleGAN2 (Karras et al. 2020, arXiv:1912.04958, figure 2c and section 4.1), in its form with skips, for
/// images whose sides are k · 2ⁿ pixels, k = 3…7; ``StyleGAN2Plan`` has its widths.
///
/// A mapping network makes a style of latents. From a learnt constant on, each block doubles the maps by a convolution that the
/// style modulates and convolves them by another; after each, noise and a leaky relu of slope 0.2. Each block adds its own
/// picture to that of the block before, doubled. Nothing keeps what it draws within [-1, 1] in training; an inference pass clamps
/// its images.
///
/// In training noise is drawn for each image, and with probability ``NetworkDescription/styleMixing`` a batch gets the styles of
/// other latents from some layer on (style mixing; Karras et al. 2019, section 3.1). In inference noise is the one that the file
/// holds, so that an image depends on its latents alone.
public final class StyleGAN2Generator: StyledGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  package let mapping: StyleMapping
  package let blocks: [SynthesisBlock]
  private let classes: Int

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    self.description = description
    let (shape, latents) = (description.shape, description.latentSize)
    let plan = try StyleGAN2Plan(description)
    let path = state.root / "synthesis"
    blocks = plan.levels.indices.map { index in
      SynthesisBlock(
        path / plan.levels[index].name, plan.levels[index], after: index == 0 ? nil : plan.levels[index - 1],
        channels: shape.channels, styleSize: latents)
    }
    classes = description.conditioning == .mapping ? description.classes : 0
    mapping = StyleMapping(
      state.root / "mapping", latentSize: latents, classes: classes, layers: description.mappingLayers)
  }

  /// The number of latents, and of numbers in a style.
  public var latentSize: Int { description.latentSize }
  /// How many layers take a style of their own: two a block, one in the first, and the last picture.
  public var styleCount: Int { 2 * blocks.count }

  /// Styles of latents `[N, latentSize]`, of `classes` `[N]` where it was built for some: `[N, styleCount, latentSize]`.
  public func styles(_ latents: Tensor, classes: Tensor?, _ pass: Pass) -> Tensor {
    precondition(
      (classes != nil) == (self.classes > 0), "a generator takes classes if, and only if, it was built for some")
    return withoutAutocast(on: latents.device) {
      let latents = latents.to(state.dtype)
      let own = mapping(latents, classes)
      guard pass.isTraining, let random = pass.random else { return repeated(own, styleCount) }
      mapping.observe(own)
      let share = Double(random.next() >> 11) * 0x1p-53
      let first = 1 + Int(random.next() % UInt64(styleCount - 1))
      guard share < description.styleMixing else { return repeated(own, styleCount) }
      let other = mapping(random.normal(latents.shape).to(state.dtype), classes)
      return .concatenated([repeated(own, first), repeated(other, styleCount - first)], axis: 1)
    }
  }

  /// Styles moved toward their mean in training: the mean + `truncation` times the distance to it, `[N, styleCount, latentSize]`.
  public func truncated(_ styles: Tensor, _ truncation: Double) -> Tensor {
    mapping.average + (styles - mapping.average) * truncation
  }

  /// Images `[N, C, H, W]` of styles `[N, styleCount, latentSize]`; in [-1, 1] in an inference pass.
  public func images(_ styles: Tensor, _ pass: Pass) -> Images {
    Images(pass.isTraining ? synthesis(styles, pass.random) : synthesis(styles, nil).clamped(-1, 1))
  }

  /// The sum of the blocks' pictures, `[N, C, H, W]`.
  ///
  /// - Parameter random: where noise is drawn; nil for that of the file.
  package func synthesis(_ styles: Tensor, _ random: RandomStream?) -> Tensor {
    var maps: (x: Tensor, image: Tensor)?
    var next = 0
    for block in blocks {
      let own = (0..<block.styleCount).map { styles.slice(1, from: next + $0, count: 1).flattened() }
      maps = block(maps, own, random)
      // The layer that makes a block's picture shares its style with the first of the next block.
      next += block.styleCount - 1
    }
    guard let image = maps?.image else { preconditionFailure("a plan has one level or more") }
    return image
  }

  private func repeated(_ styles: Tensor, _ count: Int) -> Tensor {
    styles.reshaped(styles.size(0), 1, -1).expanded([styles.size(0), count, styles.size(1)])
  }
}

/// A convolution that a style modulates, with noise, a bias and a leaky relu.
package final class SynthesisLayer {
  package let convolution: ModulatedConv2d
  private let bias: Tensor
  /// The noise of inference, `[H, W]`.
  private let noise: Tensor
  /// What noise is multiplied by, without axes.
  private let strength: Tensor

  init(
    _ path: Path, _ inputs: Int, _ outputs: Int, styleSize: Int, factor: (Int, Int) = (1, 1), size: (Int, Int)
  ) {
    convolution = ModulatedConv2d(path, inputs, outputs, styleSize: styleSize, kernel: 3, factor: factor)
    noise = path.buffer("noise_const", shape: [size.0, size.1], .normal(deviation: 1))
    strength = path.parameter("noise_strength", shape: [], .zeros)
    bias = path.parameter("bias", shape: [outputs], .zeros)
  }

  /// - Parameter random: where noise is drawn; nil for that of the layer.
  func callAsFunction(_ x: Tensor, style: Tensor, _ random: RandomStream?) -> Tensor {
    // Maps keep their variance through a leaky relu that is followed by √2, which is applied before it here.
    let gain = 2.0.squareRoot()
    let y = convolution(x, style: style, scale: gain)
    let drawn = random.map { $0.normal([y.size(0), 1, y.size(2), y.size(3)]).to(noise.dtype) } ?? noise
    let shift = (drawn * (strength * gain)).to(y.dtype)
    return (y + (bias * gain).to(y.dtype).reshaped(1, -1, 1, 1) + shift).leakyReLU(0.2)
  }
}

/// The layers of one size of maps: one that doubles them but in the first block, one that keeps them, one that makes a picture.
package final class SynthesisBlock {
  private let constant: Tensor?
  private let first: SynthesisLayer?
  private let second: SynthesisLayer
  private let picture: ModulatedConv2d
  private let bias: Tensor
  private let factor: (Int, Int)

  init(
    _ path: Path, _ level: StyleGAN2Plan.Level, after former: StyleGAN2Plan.Level?, channels: Int, styleSize: Int
  ) {
    let (features, size) = (level.features, level.size)
    factor = former.map { (size.0 / $0.size.0, size.1 / $0.size.1) } ?? (1, 1)
    constant =
      former == nil
      ? path.parameter("const", shape: [features, size.0, size.1], .normal(deviation: 1)) : nil
    first = former.map { [factor] former in
      SynthesisLayer(path / "conv0", former.features, features, styleSize: styleSize, factor: factor, size: size)
    }
    second = SynthesisLayer(path / "conv1", features, features, styleSize: styleSize, size: size)
    picture = ModulatedConv2d(
      path / "torgb", features, channels, styleSize: styleSize, kernel: 1, demodulates: false)
    bias = (path / "torgb").parameter("bias", shape: [channels], .zeros)
  }

  /// How many styles it takes.
  var styleCount: Int { constant == nil ? 3 : 2 }

  /// Maps and picture of those of the block before; nil for the first block.
  func callAsFunction(_ former: (x: Tensor, image: Tensor)?, _ styles: [Tensor], _ random: RandomStream?) -> (
    x: Tensor, image: Tensor
  ) {
    var x: Tensor
    if let former, let first {
      x = first(former.x, style: styles[0], random)
    } else if let constant {
      x = constant.reshaped([1] + constant.shape).expanded([styles[0].size(0)] + constant.shape)
        .contiguous(.channelsLast)
    } else {
      preconditionFailure("only the first block has a constant")
    }
    x = second(x, style: styles[styles.count - 2], random)
    // Pictures are added up in the parameters' type.
    let own = picture(x, style: styles[styles.count - 1]).to(bias.dtype) + bias.reshaped(1, -1, 1, 1)
    return (x, former.map { BinomialUpSample(factor)($0.image) + own } ?? own)
  }
}
