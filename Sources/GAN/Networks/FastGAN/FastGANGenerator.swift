/// The generator of FastGAN (Liu et al. 2021, "Towards faster and stabilized GAN training for high-fidelity few-shot image
/// synthesis", arXiv:2101.04775, section 3.1 and figure 3) for images whose sides are k · 2ⁿ pixels, k = 3…7, from 12 on;
/// ``FastGANPlan`` has its widths.
///
/// A transposed convolution makes the smallest maps of latents; blocks double them, every other one with two convolutions and
/// noise; maps excite those that are 16 times as large. The authors' second output, a picture of 128x128 from smaller maps, is
/// left out: D halves the picture itself, as their code does where it gets a single one.
///
/// In training noise is drawn for each image. In inference it is the one that the file holds, so that an image depends on its latents
/// alone.
public final class FastGANGenerator: UnconditionalGenerator {
  /// Its parameters and buffers.
  public let state: StateDict
  /// What it was built with.
  public let description: NetworkDescription
  private let first: MaybeSpectral<ConvTranspose2d>
  private let norm: BatchNorm
  private let blocks: [Block]
  /// By the level of the maps that are excited.
  private let excitations: [Int: SkipExcitation]
  private let image: MaybeSpectral<Conv2d>

  private enum Block {
    case plain(FastGANUpBlock)
    case noisy(NoisyUpBlock)
  }

  init(_ state: StateDict, _ description: NetworkDescription) throws(TrainingError) {
    self.state = state
    self.description = description
    let (path, plan) = (state.root, try FastGANPlan(description))
    first = MaybeSpectral(
      ConvTranspose2d(
        path / "init" / "init" / 0, description.latentSize, 2 * plan.generated(0), kernel: plan.sizes[0], bias: false,
        initializer: .normal()), spectral: true)
    norm = fastGANNorm(path / "init" / "init" / 1, 2 * plan.generated(0))
    blocks = (1..<plan.count).map { level in
      let (own, inputs, outputs) = (path / "feat_\(plan.name(level))", plan.generated(level - 1), plan.generated(level))
      return level.isMultiple(of: 2)
        ? .plain(FastGANUpBlock(own, inputs, outputs, factor: plan.factor(level)))
        : .noisy(NoisyUpBlock(own, inputs, outputs, factor: plan.factor(level), size: plan.sizes[level]))
    }
    excitations = Dictionary(
      uniqueKeysWithValues: (0..<max(plan.count - 4, 0)).map { level in
        (
          level + 4,
          SkipExcitation(
            path / "se_\(plan.name(level + 4))", plan.generated(level), size: plan.sizes[level],
            plan.generated(level + 4))
        )
      })
    image = fastGANConvolution(
      path / "to_big", plan.generated(plan.count - 1), description.shape.channels, kernel: (3, 3),
      padding: .symmetric(1))
  }

  /// The number of latents.
  public var latentSize: Int { description.latentSize }

  /// Images `[N, C, H, W]` in [-1, 1] of latents `[N, latentSize]`.
  public func callAsFunction(_ latents: Tensor, _ pass: Pass) -> Images {
    var levels = [gated(norm(first(latents.reshaped(-1, latentSize, 1, 1), pass), pass))]
    for (index, block) in blocks.enumerated() {
      var x = levels[index]
      switch block {
      case .plain(let block): x = block(x, pass)
      case .noisy(let block): x = block(x, pass)
      }
      levels.append(excitations[index + 1].map { $0(levels[index - 3], x, pass) } ?? x)
    }
    return Images(image(levels[levels.count - 1], pass).tanh())
  }
}

/// Doubles maps by repeating pixels, then two convolutions, each with noise, batch norm and a gated unit.
private final class NoisyUpBlock {
  private let convolutions: [MaybeSpectral<Conv2d>]
  private let noises: [MapNoise]
  private let norms: [BatchNorm]
  private let factor: (Int, Int)

  init(_ path: Path, _ inputs: Int, _ outputs: Int, factor: (Int, Int), size: (Int, Int)) {
    self.factor = factor
    var (convolutions, noises, norms): ([MaybeSpectral<Conv2d>], [MapNoise], [BatchNorm]) = ([], [], [])
    for (place, inputs) in [(1, inputs), (5, outputs)] {
      convolutions.append(
        fastGANConvolution(path / place, inputs, 2 * outputs, kernel: (3, 3), padding: .symmetric(1)))
      noises.append(MapNoise(path / (place + 1), size: size))
      norms.append(fastGANNorm(path / (place + 2), 2 * outputs))
    }
    (self.convolutions, self.noises, self.norms) = (convolutions, noises, norms)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    var x = repeated(x, factor)
    for index in convolutions.indices {
      x = gated(norms[index](noises[index](convolutions[index](x, pass), pass), pass))
    }
    return x
  }
}

/// Noise that is added to all channels of maps, times a number that is learnt.
private final class MapNoise {
  /// What noise is multiplied by, `[1]`.
  private let weight: Tensor
  /// The noise of inference, `[H, W]`.
  private let constant: Tensor

  init(_ path: Path, size: (Int, Int)) {
    weight = path.parameter("weight", shape: [1], .zeros)
    constant = path.buffer("noise_const", shape: [size.0, size.1], .normal(deviation: 1))
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let drawn = pass.isTraining ? pass.random?.normal([x.size(0), 1, x.size(2), x.size(3)]) : nil
    return x + ((drawn?.to(constant.dtype) ?? constant) * weight).to(x.dtype)
  }
}
