import Torch

/// Group normalisation (Wu and He 2018, eq. 7): each sample's channels normalised in `groups`.
public final class GroupNorm {
  let weight: Tensor
  let bias: Tensor
  let groups: Int
  let epsilon: Double

  /// - Precondition: `groups` divides `channels`.
  public init(_ path: Path, groups: Int, _ channels: Int, epsilon: Double = 1e-5) {
    precondition(channels % groups == 0, "\(groups) groups do not divide \(channels) channels")
    weight = path.parameter("weight", shape: [channels], .ones)
    bias = path.parameter("bias", shape: [channels], .zeros)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// The normalised `x` `[N, channels, ...]`, of the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.groupNorm(groups, weight: weight, bias: bias, epsilon: epsilon)
  }
}
