import Torch

/// Lets a discriminator see how much the samples of a batch differ (Karras et al. 2018, arXiv:1710.10196, section 3):
/// the standard deviation of each feature over a group of samples, averaged over all features and places of the group,
/// is one more feature of each of its samples, the same everywhere.
///
/// A group has at most four samples, as in StyleGAN2's code, which also says which: N / 4 apart. Where four do not
/// divide the batch, it has as many as do. A score depends on the other samples of its group.
public struct MinibatchStandardDeviation: Sendable {
  let group: Int
  let epsilon: Double

  /// - Parameter epsilon: added to each variance, so that its root has a slope where it is 0.
  public init(group: Int = 4, epsilon: Double = 1e-8) {
    precondition(group > 0, "a group needs at least one sample, not \(group)")
    self.group = group
    self.epsilon = epsilon
  }

  /// `[N, C, H, W]` as `[N, C + 1, H, W]`, or `[N, F]` as `[N, F + 1]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let count = x.size(0)
    let size = (1...min(group, count)).last { count % $0 == 0 } ?? 1
    let wide = x.dtype == .bfloat16 || x.dtype == .float16 ? x.to(.float32) : x
    let samples = wide.flattened().reshaped(size, count / size, -1)
    // libtorch's variance along a first axis is slow.
    let variances = (samples - samples.mean(axes: [0], keepingAxes: true)).squared().mean(axes: [0])
    let deviations = (variances + epsilon).squareRoot().mean(axes: [1])  // [N / size]
    // Sample i belongs to group i mod N / size.
    let feature = expand(
      .tensor(deviations.reshaped([1, count / size] + Array(repeating: 1, count: x.rank - 1))),
      .ints([size, count / size, 1] + x.shape.dropFirst(2)))
    return .concatenated([x, feature.reshaped([count, 1] + x.shape.dropFirst(2)).to(x.dtype)], axis: 1)
  }
}

private let expand = Operation("aten::expand")
