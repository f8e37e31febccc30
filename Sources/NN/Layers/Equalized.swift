import Torch

/// A linear layer with an equalised learning rate (Karras et al. 2018, arXiv:1710.10196, section 4.1), `[N, inputs]` to
/// `[N, outputs]`: its weight is stored with a standard deviation of 1 and divided by √inputs when it is used, so that Adam's
/// steps are of the same relative size in all layers.
///
/// A `learningRate` below 1 makes the layer learn that much slower: what is stored is so many times larger at the start, and
/// weight and bias are multiplied by it when they are used (StyleGAN2's mapping has 0.01).
public final class EqualizedLinear {
  /// The weight as it is stored, `[outputs, inputs]`.
  public let weight: Tensor
  /// The bias as it is stored, `[outputs]`.
  public let bias: Tensor
  private let learningRate: Double
  private let gain: Double

  /// A layer whose bias starts as `bias` everywhere.
  public init(_ path: Path, _ inputs: Int, _ outputs: Int, learningRate: Double = 1, bias: Double = 0) {
    self.learningRate = learningRate
    gain = learningRate / Double(inputs).squareRoot()
    weight = path.parameter(
      "weight", shape: [outputs, inputs], .normal(deviation: 1 / learningRate), filterAxis: 0)
    self.bias = path.parameter("bias", shape: [outputs], .constant(bias))
  }

  /// The layer's output times `scale`.
  public func callAsFunction(_ x: Tensor, scale: Double = 1) -> Tensor {
    x.linear(weight * (gain * scale), bias * (learningRate * scale))
  }
}

/// A convolution with an equalised learning rate (Karras et al. 2018, arXiv:1710.10196, section 4.1), `[N, inputs, H, W]` to
/// `[N, outputs, H', W']`: its weight is stored with a standard deviation of 1 and divided by the root of its fan-in when it is
/// used.
public final class EqualizedConv2d {
  /// The weight as it is stored, `[outputs, inputs, kernel, kernel]`.
  public let weight: Tensor
  /// The bias, `[outputs]`, where the layer has one.
  public let bias: Tensor?
  private let gain: Double
  private let kernel: Int
  private let factor: [Int]
  private let blur: BinomialBlur

  /// - Parameters:
  ///   - kernel: the window's side, odd.
  ///   - factor: by how much (heights, widths) become shorter, 1 or 2. Along an axis that is halved the input is smoothed by
  ///     [1, 3, 3, 1] / 8 before.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: Int, factor: (Int, Int) = (1, 1), bias: Bool = true
  ) {
    precondition(kernel % 2 == 1, "the window's side is odd, not \(kernel)")
    precondition((1...2).contains(factor.0) && (1...2).contains(factor.1), "sides change by 1 or 2, not \(factor)")
    (self.kernel, self.factor) = (kernel, [factor.0, factor.1])
    gain = 1 / Double(inputs * kernel * kernel).squareRoot()
    weight = path.parameter(
      "weight", shape: [outputs, inputs, kernel, kernel], .normal(deviation: 1), filterAxis: 0)
    self.bias = bias ? path.parameter("bias", shape: [outputs], .zeros) : nil
    blur = BinomialBlur((factor.0 == 2, factor.1 == 2), margin: kernel / 2 + 1, in: path.state)
  }

  /// The layer's output times `scale`. Axes that are halved have an even number of pixels.
  public func callAsFunction(_ x: Tensor, scale: Double = 1) -> Tensor {
    let (smooth, side) = (blur(x), kernel / 2)
    let size = [x.size(2) / factor[0], x.size(3) / factor[1]]
    // Smoothing has made the margins where it smooths.
    return smooth.conv2d(
      weight * (gain * scale), scale == 1 ? bias : bias.map { $0 * scale }, stride: factor,
      padding: factor.map { $0 == 2 ? 0 : side }, size: size)
  }
}
