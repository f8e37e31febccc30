import Torch

/// x Wᵀ + b. Weight `[outputs, inputs]`, bias `[outputs]`.
public final class Linear: WeightedLayer {
  public let weight: Tensor
  let bias: Tensor?
  public let path: Path

  /// A layer from `inputs` to `outputs` features; the bias starts as zeros unless `biasInitializer` says otherwise.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .torchDefault,
    biasInitializer: Initializer = .zeros
  ) {
    self.path = path
    weight = path.parameter("weight", shape: [outputs, inputs], initializer)
    self.bias = bias ? path.parameter("bias", shape: [outputs], biasInitializer) : nil
  }

  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor { x.linear(weight, bias) }
}
