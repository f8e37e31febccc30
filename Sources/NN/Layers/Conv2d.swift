import Torch

/// A convolution (in the sense of neural networks: a cross-correlation), `[N, inputs, H, W]` to `[N, outputs, H', W']`:
/// y[o, i, j] = b[o] + Σ W[o, c, u, v] x[c, i stride + u − padding, j stride + v − padding] over c, u, v.
///
/// Weight `[outputs, inputs / groups, kH, kW]`, bias `[outputs]`. With symmetric padding p,
/// H' = ⌊(H + 2 p − kH) / stride⌋ + 1; with `.same`, H' = ⌈H / stride⌉.
public final class Conv2d: WeightedLayer {
  /// The weight as it is stored.
  public let weight: Tensor
  /// What is added to each output channel, where the layer has it.
  public let bias: Tensor?
  /// Where the layer's tensors are registered.
  public let path: Path
  let kernel: [Int]
  let stride: [Int]
  let padding: Padding
  let groups: Int

  /// A layer with a window of any shape.
  ///
  /// - Parameters:
  ///   - kernel: the window's (height, width).
  ///   - stride: the window's (vertical, horizontal) step.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1),
    padding: Padding = .none, groups: Int = 1, bias: Bool = true, initializer: Initializer = .torchDefault,
    biasInitializer: Initializer = .zeros
  ) {
    precondition(
      inputs % groups == 0 && outputs % groups == 0, "\(groups) groups do not divide \(inputs) and \(outputs) channels")
    self.path = path
    self.kernel = [kernel.0, kernel.1]
    self.stride = [stride.0, stride.1]
    self.padding = padding
    self.groups = groups
    weight = path.parameter(
      "weight", shape: [outputs, inputs / groups, kernel.0, kernel.1], initializer, filterAxis: 0)
    self.bias = bias ? path.parameter("bias", shape: [outputs], biasInitializer) : nil
  }

  /// A layer with a square window and the same stride in both directions.
  public convenience init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .none,
    groups: Int = 1, bias: Bool = true, initializer: Initializer = .torchDefault, biasInitializer: Initializer = .zeros
  ) {
    self.init(
      path, inputs, outputs, kernel: (kernel, kernel), stride: (stride, stride), padding: padding, groups: groups,
      bias: bias, initializer: initializer, biasInitializer: biasInitializer)
  }

  /// The convolution of `x` `[N, inputs, H, W]` with the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor {
    let rows = padding.amounts(size: x.size(2), kernel: kernel[0], stride: stride[0], axis: 0)
    let columns = padding.amounts(size: x.size(3), kernel: kernel[1], stride: stride[1], axis: 1)
    let size = [
      (x.size(2) + rows.before + rows.after - kernel[0]) / stride[0] + 1,
      (x.size(3) + columns.before + columns.after - kernel[1]) / stride[1] + 1,
    ]
    return x.conv2d(weight, bias, stride: stride, padding: [rows.before, columns.before], size: size, groups: groups)
  }
}
