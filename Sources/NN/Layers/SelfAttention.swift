import Torch

/// Self-attention among the places of a map (SAGAN: Zhang et al. 2019, arXiv:1805.08318, section 3):
/// y = x + γ out(Σᵢ βⱼᵢ g(xᵢ)), where βⱼ is the softmax over i of θ(xⱼ)·φ(xᵢ).
///
/// All four are 1x1 convolutions without bias: θ and φ to an eighth of the channels, g to a half, out back to all. φ
/// and g are pooled by maxima of 2x2, so that HW places look at HW / 4, as the authors' code has it. γ starts at 0: the
/// layer begins as the identity.
public final class SelfAttention {
  let theta, phi, g, out: MaybeSpectral<Conv2d>
  let gamma: Tensor

  /// A layer for maps of `channels`.
  ///
  /// - Parameter spectral: whether the convolutions' weights are divided by their largest singular values.
  public init(_ path: Path, _ channels: Int, spectral: Bool = false) {
    let (narrow, half) = (max(channels / 8, 1), max(channels / 2, 1))
    func pointwise(_ name: String, _ inputs: Int, _ outputs: Int) -> MaybeSpectral<Conv2d> {
      MaybeSpectral(
        Conv2d(path / name, inputs, outputs, kernel: 1, bias: false, initializer: .glorotUniform), spectral: spectral)
    }
    theta = pointwise("theta", channels, narrow)
    phi = pointwise("phi", channels, narrow)
    g = pointwise("g", channels, half)
    out = pointwise("out", half, channels)
    gamma = path.parameter("gamma", shape: [], .zeros)
  }

  /// Maps of the same shape as `x`, `[N, C, H, W]` with sides of 2 or more.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let pool = DownSample(2, .maximum)
    let affinities = places(theta(x, pass)).matrixMultiplied(by: places(pool(phi(x, pass))).transposed())
    let attention = softmax(.tensor(affinities), .int(-1))  // [N, HW, HW / 4]
    let seen = attention.matrixMultiplied(by: places(pool(g(x, pass))))  // [N, HW, C / 2]
    let maps = seen.reshaped(x.size(0), x.size(2), x.size(3), -1).permuted(0, 3, 1, 2)
    return x + out(maps, pass) * gamma
  }

  /// `[N, C, H, W]` as `[N, HW, C]`.
  private func places(_ maps: Tensor) -> Tensor { maps.permuted(0, 2, 3, 1).reshaped(maps.size(0), -1, maps.size(1)) }
}

private let softmax = Operation("aten::softmax", "int")
