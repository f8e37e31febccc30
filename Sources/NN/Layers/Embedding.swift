import Torch

/// A table of vectors, y = W[i]: int64 indices `[...]` to `[..., size]`. Weight `[count, size]`.
public final class Embedding: WeightedLayer {
  /// The weight as it is stored.
  public let weight: Tensor
  /// Where the layer's tensors are registered.
  public let path: Path

  /// A table of `count` vectors of `size` numbers.
  public init(_ path: Path, _ count: Int, _ size: Int, initializer: Initializer = .normal(deviation: 1)) {
    self.path = path
    weight = path.parameter("weight", shape: [count, size], initializer)
  }

  /// The vectors at int64 `indices` of any shape: `[..., size]`.
  public func callAsFunction(_ indices: Tensor, weight: Tensor) -> Tensor { indices.embedded(in: weight) }
}
