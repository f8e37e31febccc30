import Torch

/// A table of vectors: weight `[count, size]`.
public final class Embedding: WeightedLayer {
  public let weight: Tensor
  public let path: Path

  /// A table of `count` vectors of `size` numbers.
  public init(_ path: Path, _ count: Int, _ size: Int, initializer: Initializer = .normal(deviation: 1)) {
    self.path = path
    weight = path.parameter("weight", shape: [count, size], initializer)
  }

  /// The vectors at int64 `indices` of any shape: `[..., size]`.
  public func callAsFunction(_ indices: Tensor, weight: Tensor) -> Tensor { indices.embedded(in: weight) }
}
