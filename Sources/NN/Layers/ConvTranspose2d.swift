import Torch

/// A transposed convolution, the map that a convolution's gradient takes from its outputs to its inputs (Dumoulin and
/// Visin 2016, section 4): `[N, inputs, H, W]` to `[N, outputs, H', W']`.
///
/// Weight `[inputs, outputs / groups, kH, kW]`, bias `[outputs]`.
/// With symmetric padding p, H' = (H − 1) stride − 2 p + kH + output padding; with `.same`, H' = H stride.
public final class ConvTranspose2d: WeightedLayer {
  /// The weight as it is stored.
  public let weight: Tensor
  let bias: Tensor?
  /// Where the layer's tensors are registered.
  public let path: Path
  let kernel: [Int]
  let stride: [Int]
  let padding: Padding
  let outputPadding: [Int]
  let groups: Int

  /// A layer with a window of any shape.
  ///
  /// - Parameters:
  ///   - kernel: the window's (height, width).
  ///   - stride: the (vertical, horizontal) distance of what neighbouring inputs write.
  ///   - outputPadding: (rows, columns) added at the bottom and right; `.same` padding takes none.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    padding: Padding = .none, outputPadding: (Int, Int) = (0, 0), groups: Int = 1, bias: Bool = true,
    initializer: Initializer = .torchDefault, biasInitializer: Initializer = .zeros
  ) {
    precondition(padding != .same || outputPadding == (0, 0), "'same' padding already fixes the output's size")
    precondition(
      inputs % groups == 0 && outputs % groups == 0, "\(groups) groups do not divide \(inputs) and \(outputs) channels")
    self.path = path
    self.kernel = [kernel.0, kernel.1]
    self.stride = [stride.0, stride.1]
    self.padding = padding
    self.outputPadding = [outputPadding.0, outputPadding.1]
    self.groups = groups
    weight = path.parameter(
      "weight", shape: [inputs, outputs / groups, kernel.0, kernel.1], initializer, filterAxis: 1)
    self.bias = bias ? path.parameter("bias", shape: [outputs], biasInitializer) : nil
  }

  /// A layer with a square window and the same stride in both directions.
  public convenience init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .none,
    outputPadding: Int = 0, groups: Int = 1, bias: Bool = true, initializer: Initializer = .torchDefault,
    biasInitializer: Initializer = .zeros
  ) {
    self.init(
      path, inputs, outputs, kernel: (kernel, kernel), stride: (stride, stride), padding: padding,
      outputPadding: (outputPadding, outputPadding), groups: groups, bias: bias, initializer: initializer,
      biasInitializer: biasInitializer)
  }

  /// The second axis counts the outputs.
  public var outputAxis: Int { 1 }

  /// The transposed convolution of `x` `[N, inputs, H, W]` with the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let size = [extent(x, 0), extent(x, 1)]
    // What the convolution that makes x of the result pads, this one crops.
    let rows = padding.amounts(size: size[0], kernel: kernel[0], stride: stride[0], axis: 0)
    let columns = padding.amounts(size: size[1], kernel: kernel[1], stride: stride[1], axis: 1)
    return x.convTranspose2d(
      weight, bias, stride: stride, padding: [rows.before, columns.before], size: size, groups: groups)
  }

  /// The result's height (axis 0) or width (axis 1).
  private func extent(_ x: Tensor, _ axis: Int) -> Int {
    let pixels = x.size(2 + axis)
    guard case .symmetric(let rows, let columns) = padding else { return pixels * stride[axis] }
    let amount = axis == 0 ? rows : columns
    return (pixels - 1) * stride[axis] - 2 * amount + kernel[axis] + outputPadding[axis]
  }
}
