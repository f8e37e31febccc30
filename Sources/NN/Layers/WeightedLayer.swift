import Torch

/// A layer that is linear in one weight, which a wrapper such as ``SpectralNorm`` may replace.
public protocol WeightedLayer: AnyObject {
  /// The weight as it is stored.
  var weight: Tensor { get }
  /// Where the layer's tensors are registered.
  var path: Path { get }
  /// The axis of the weight that counts the outputs.
  var outputAxis: Int { get }
  /// The layer's output for `x`, computed with `weight`.
  func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor
}

extension WeightedLayer {
  public var outputAxis: Int { 0 }

  /// The layer's output for `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, weight: weight) }
}
