import Torch

/// `[N, ...]` as `[N] + shape`, the elements in the same order.
public struct Reshape: Sendable {
  let shape: [Int]

  /// A layer whose outputs have `shape` after the batch's axis.
  public init(_ shape: Int...) { self.shape = shape }

  /// `x` under the new shape.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.reshaped([x.size(0)] + shape) }
}

/// `[N, ...]` as `[N, the product of the rest]`, in row-major order.
public struct Flatten: Sendable {
  /// The layer has no settings.
  public init() {}

  /// `x` as a matrix.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.flattened() }
}
