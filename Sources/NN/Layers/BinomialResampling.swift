import Torch

// The interpolated resampling of R3GAN (Huang et al. 2024, arXiv:2501.05441, section 4; in the authors' code the filter
// [1, 2, 1] after each pixel is doubled, which makes [1, 3, 3, 1] of it). Beyond the edges there are zeros.
//
// Doubling an axis by [1, 3, 3, 1] / 4 is linear interpolation, but for the first and the last pixel, which miss the
// quarter that lies beyond the edge. Halving it by [1, 3, 3, 1] / 8 is the transpose, divided by 2. So libtorch's
// operators for linear interpolation and for its gradient do it, which are each other's derivatives.

/// `[N, C, H, W]` enlarged by 1 or 2 along each axis, smoothed by [1, 3, 3, 1] / 4.
public struct BinomialUpSample: Sendable {
  let factors: [Int]

  /// A layer that makes (heights, widths) once or twice as long.
  public init(_ factors: (Int, Int) = (2, 2)) { self.factors = checked(factors) }

  /// `[N, C, H · vertical, W · horizontal]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if factors == [1, 1] { return x }
    let size = [x.size(2) * factors[0], x.size(3) * factors[1]]
    return x.upsampledBilinear(size) * edges(size, factors, x)
  }
}

/// `[N, C, H, W]` with sides that are halved or kept, smoothed by [1, 3, 3, 1] / 8 before.
public struct BinomialDownSample: Sendable {
  let factors: [Int]

  /// A layer that makes (heights, widths) half as long or keeps them.
  public init(_ factors: (Int, Int) = (2, 2)) { self.factors = checked(factors) }

  /// `[N, C, H / vertical, W / horizontal]`; sides that are halved are even.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if factors == [1, 1] { return x }
    let (shape, size) = (x.shape, [x.size(2), x.size(3)])
    precondition(size[0] % factors[0] == 0 && size[1] % factors[1] == 0, "sides to halve must be even, not \(size)")
    let weighted = x * (edges(size, factors, x) * (1 / Double(factors[0] * factors[1])))
    return transposedBilinear(
      .tensor(weighted), .ints(size), .ints([shape[0], shape[1], size[0] / factors[0], size[1] / factors[1]]),
      .bool(false))
  }
}

private let transposedBilinear = Operation("aten::upsample_bilinear2d_backward")

private func checked(_ factors: (Int, Int)) -> [Int] {
  precondition((1...2).contains(factors.0) && (1...2).contains(factors.1), "sides change by 1 or 2, not \(factors)")
  return [factors.0, factors.1]
}

/// What remains of linear interpolation when there are zeros beyond the edges, `[1, 1, H, W]` like `x`.
private func edges(_ size: [Int], _ factors: [Int], _ x: Tensor) -> Tensor {
  func axis(_ index: Int) -> Tensor {
    let weights = Tensor.ones([size[index]], dtype: x.dtype, device: x.device)
    if factors[index] == 2 { for end in [0, size[index] - 1] { weights[end..<end + 1].fill(0.75) } }
    return weights
  }
  return axis(0).reshaped(1, 1, -1, 1) * axis(1).reshaped(1, 1, 1, -1)
}
