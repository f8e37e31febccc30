import Torch

/// The affine map y = x Wᵀ + b: `[..., inputs]` to `[..., outputs]`. Weight `[outputs, inputs]`, bias `[outputs]`.
public final class Linear: WeightedLayer {
  /// The weight as it is stored.
  public let weight: Tensor
  let bias: Tensor?
  /// Where the layer's tensors are registered.
  public let path: Path

  /// A layer from `inputs` to `outputs` features; the bias starts as zeros unless `biasInitializer` says otherwise.
  public init(
    _ path: Path, _ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .torchDefault,
    biasInitializer: Initializer = .zeros
  ) {
    self.path = path
    weight = path.parameter("weight", shape: [outputs, inputs], initializer, filterAxis: 0)
    self.bias = bias ? path.parameter("bias", shape: [outputs], biasInitializer) : nil
  }

  /// x Wᵀ + b with W the given weight.
  public func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor { x.linear(weight, bias) }
}
