import Torch

/// Group normalisation (Wu and He 2018, eq. 7): y = (x − μ) / √(σ² + ε) weight + bias, with the mean μ and the biased
/// variance σ² of each sample and group of channels. Weight and bias `[channels]`.
public final class GroupNorm {
  let weight: Tensor
  let bias: Tensor
  let groups: Int
  let epsilon: Double

  /// A layer whose weight starts as ones and whose bias starts as zeros.
  ///
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
