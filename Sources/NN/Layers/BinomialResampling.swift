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

/// `[N, C, H, W]` smoothed by [1, 3, 3, 1] / 8 along some axes, within margins of zeros: what the code of StyleGAN2 (Karras
/// et al. 2020, arXiv:1912.04958) does before convolutions halve maps and after they double them. An axis that is smoothed gets
/// 2 · `margin` − 3 pixels longer.
struct BinomialBlur {
  private let axes: [Bool]
  private let margin: Int
  /// `[1, 1, h, w]`.
  private let filter: Tensor

  /// - Parameters:
  ///   - axes: whether (heights, widths) are smoothed; the others stay as they are, without margins.
  ///   - gain: what the result is multiplied by.
  ///   - state: of the network in which it stands, which says where it computes.
  init(_ axes: (Bool, Bool), margin: Int, gain: Double = 1, in state: StateDict) {
    (self.axes, self.margin) = ([axes.0, axes.1], margin)
    func taps(_ isSmooth: Bool) -> [Double] { isSmooth ? [0.125, 0.375, 0.375, 0.125] : [1] }
    let (rows, columns) = (taps(axes.0), taps(axes.1))
    let values = rows.flatMap { row in columns.map { row * $0 * gain } }
    filter = Tensor(values, shape: [1, 1, rows.count, columns.count]).to(state.dtype).to(state.device)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard axes.contains(true) else { return x }
    let channels = x.size(1)
    return x.conv2d(
      filter.to(x.dtype).expanded([channels] + filter.shape.dropFirst()).contiguous(), nil, stride: [1, 1],
      padding: axes.map { $0 ? margin : 0 },
      size: (0..<2).map { axes[$0] ? x.size(2 + $0) + 2 * margin - 3 : x.size(2 + $0) }, groups: channels)
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
