import Torch

/// A convolution whose weights a style scales, each sample's by its own (StyleGAN2; Karras et al. 2020, arXiv:1912.04958,
/// section 2.2), `[N, inputs, H, W]` to `[N, outputs, H', W']`.
///
/// An affine map makes of a sample's style the scale of each input map, eq. 1; demodulation then divides each output map by the
/// norm of its scaled weights, eq. 3, so that maps keep unit variance. Both are done to the maps and not to the weights, which is
/// the same and leaves one convolution for all samples.
public final class ModulatedConv2d {
  /// The weight as it is stored, `[outputs, inputs, kernel, kernel]`.
  public let weight: Tensor
  /// What makes scales `[N, inputs]` of styles.
  public let affine: EqualizedLinear
  private let kernel: Int
  private let factor: [Int]
  private let demodulates: Bool
  private let blur: BinomialBlur

  /// - Parameters:
  ///   - styleSize: the size of a style.
  ///   - kernel: the window's side, odd.
  ///   - factor: by how much (heights, widths) become longer, 1 or 2: by a transposed convolution, which is smoothed by
  ///     [1, 3, 3, 1] / 4 after.
  ///   - demodulates: whether outputs are demodulated; else the weight is divided by the root of its fan-in.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, styleSize: Int, kernel: Int, factor: (Int, Int) = (1, 1),
    demodulates: Bool = true
  ) {
    precondition(kernel % 2 == 1, "the window's side is odd, not \(kernel)")
    precondition((1...2).contains(factor.0) && (1...2).contains(factor.1), "sides change by 1 or 2, not \(factor)")
    (self.kernel, self.factor, self.demodulates) = (kernel, [factor.0, factor.1], demodulates)
    affine = EqualizedLinear(path / "affine", styleSize, inputs, bias: 1)
    weight = path.parameter(
      "weight", shape: [outputs, inputs, kernel, kernel], .normal(deviation: 1), filterAxis: 0)
    blur = BinomialBlur((factor.0 == 2, factor.1 == 2), margin: 1, gain: Double(factor.0 * factor.1), in: path.state)
  }

  /// The output times `scale`, without a bias.
  ///
  /// - Parameter style: `[N, styleSize]`.
  public func callAsFunction(_ x: Tensor, style: Tensor, scale: Double = 1) -> Tensor {
    let (scales, outer) = withoutAutocast(on: x.device) { () -> (Tensor, Tensor?) in
      let style = style.to(weight.dtype)
      guard demodulates else { return (affine(style, scale: scale * gain), nil) }
      let scales = affine(style)
      let power = scales.squared().linear(weight.squared().sum(axes: [2, 3]), nil)
      return (scales, (power + 1e-8).pow(-0.5) * scale)
    }
    let y = blur(convolved(x * scales.to(x.dtype).reshaped(scales.shape + [1, 1])))
    return outer.map { y * $0.to(y.dtype).reshaped($0.shape + [1, 1]) } ?? y
  }

  private var gain: Double { 1 / Double(weight.size(1) * kernel * kernel).squareRoot() }

  private func convolved(_ x: Tensor) -> Tensor {
    let (size, side) = ([x.size(2), x.size(3)], kernel / 2)
    if factor == [1, 1] { return x.conv2d(weight, nil, stride: factor, padding: [side, side], size: size) }
    // Where an axis becomes longer, nothing is cropped before the smoothing.
    let padding = factor.map { $0 == 2 ? 0 : side }
    let longer = (0..<2).map { (size[$0] - 1) * factor[$0] + kernel - 2 * padding[$0] }
    return x.convTranspose2d(weight.transposed(0, 1), nil, stride: factor, padding: padding, size: longer)
  }
}
