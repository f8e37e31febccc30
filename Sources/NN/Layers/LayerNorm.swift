import Torch

/// Layer normalisation (Ba et al. 2016) over the last axes, of sizes `shape`.
public final class LayerNorm {
  let weight: Tensor
  let bias: Tensor
  let shape: [Int]
  let epsilon: Double

  /// A layer whose weight and bias have `shape`.
  public init(_ path: Path, _ shape: [Int], epsilon: Double = 1e-5) {
    weight = path.parameter("weight", shape: shape, .ones)
    bias = path.parameter("bias", shape: shape, .zeros)
    self.shape = shape
    self.epsilon = epsilon
  }

  /// The normalised `x`, of the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNorm(shape, weight: weight, bias: bias, epsilon: epsilon)
  }
}
