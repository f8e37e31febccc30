// What both of FastGAN's networks are made of (Liu et al. 2021, arXiv:2101.04775). All convolutions are under spectral norm and
// without bias; their weights are drawn from N(0, 0.02²), those of batch norm from N(1, 0.02²).

/// A convolution of FastGAN.
func fastGANConvolution(
  _ path: Path, _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1), padding: Padding = .none
) -> MaybeSpectral<Conv2d> {
  MaybeSpectral(
    Conv2d(
      path, inputs, outputs, kernel: kernel, stride: stride, padding: padding, bias: false, initializer: .normal()),
    spectral: true)
}

/// A batch norm of FastGAN.
func fastGANNorm(_ path: Path, _ channels: Int) -> BatchNorm {
  BatchNorm(path, channels, initializer: .normal(mean: 1))
}

/// Half of the channels, gated by the other half: a gated linear unit (Dauphin et al. 2017, arXiv:1612.08083, eq. 1).
func gated(_ x: Tensor) -> Tensor {
  let half = x.size(1) / 2
  return x.slice(1, from: 0, count: half) * x.slice(1, from: half, count: half).sigmoid()
}

/// Skip-layer excitation (section 3.1, eq. 2): each channel of large maps is multiplied by a number from 0 to 1 that smaller
/// ones, or D's larger ones, decide.
struct SkipExcitation {
  private let first, second: MaybeSpectral<Conv2d>
  private let pooled: (Int, Int)

  /// - Parameters:
  ///   - size: of the maps that decide.
  ///   - outputs: the number of those that are multiplied.
  init(_ path: Path, _ inputs: Int, size: (Int, Int), _ outputs: Int) {
    pooled = (min(4, size.0), min(4, size.1))
    first = fastGANConvolution(path / "main" / 1, inputs, outputs, kernel: pooled)
    second = fastGANConvolution(path / "main" / 3, outputs, outputs, kernel: (1, 1))
  }

  func callAsFunction(_ deciding: Tensor, _ maps: Tensor, _ pass: Pass) -> Tensor {
    let means = deciding.averagePooled(to: [pooled.0, pooled.1])
    return maps * second(first(means, pass).silu(), pass).sigmoid()
  }
}

/// Doubles maps by repeating pixels, then a convolution, batch norm and a gated unit.
struct FastGANUpBlock {
  private let convolution: MaybeSpectral<Conv2d>
  private let norm: BatchNorm
  private let factor: (Int, Int)

  init(_ path: Path, _ inputs: Int, _ outputs: Int, factor: (Int, Int)) {
    self.factor = factor
    convolution = fastGANConvolution(path / 1, inputs, 2 * outputs, kernel: (3, 3), padding: .symmetric(1))
    norm = fastGANNorm(path / 2, 2 * outputs)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    gated(norm(convolution(repeated(x, factor), pass), pass))
  }
}

/// `[N, C, H, W]` with each pixel repeated along each axis.
func repeated(_ x: Tensor, _ factor: (Int, Int)) -> Tensor {
  x.upsampledNearest([x.size(2) * factor.0, x.size(3) * factor.1])
}
