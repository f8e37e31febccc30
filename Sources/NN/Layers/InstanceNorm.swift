import Torch

/// Instance normalisation (Ulyanov et al. 2016, arXiv:1607.08022, eq. 4): y = (x − μ) / √(σ² + ε), with the mean μ and
/// the biased variance σ² of each map of each sample. PyTorch's `InstanceNorm2d`: without running statistics, so that
/// training and inference compute the same, and by default without weight and bias.
public final class InstanceNorm {
  /// Larger batches are left to libtorch, which works on an image per thread.
  private static let mostImages = 8

  let weight: Tensor?
  let bias: Tensor?
  let channels: Int
  let epsilon: Double

  /// A layer for maps of `channels` channels.
  ///
  /// - Parameter affine: whether the result is multiplied by a weight and gains a bias, both `[channels]` and learnt;
  ///   they start as ones and zeros.
  public init(
    _ path: Path, _ channels: Int, affine: Bool = false, epsilon: Double = 1e-5, initializer: Initializer = .ones
  ) {
    weight = affine ? path.parameter("weight", shape: [channels], initializer) : nil
    bias = affine ? path.parameter("bias", shape: [channels], .zeros) : nil
    self.channels = channels
    self.epsilon = epsilon
  }

  /// The normalised `x` `[N, channels, H, W]`, of the same shape, and the activation of it. A map needs more than one
  /// pixel.
  ///
  /// One operator, activation included, where libtorch's group norm works on a single thread.
  ///
  /// - Parameter pooled: for parts of one image, the statistics that they share.
  public func callAsFunction(
    _ x: Tensor, then activation: Activation = .identity, pooled: PooledStatistics? = nil
  ) -> Tensor {
    precondition(
      !x.isDefined || x.rank == 4 && x.size(1) == channels && x.size(2) * x.size(3) > 1,
      "instance normalisation of \(channels) channels takes [N, \(channels), H, W] with more than one pixel, not \(x.shape)"
    )
    if let pooled {
      let slope = activation.slopeBelowZero
      let y = pooled.normalize(x, weight: weight, bias: bias, epsilon: epsilon, slope: slope ?? 1)
      return slope == nil ? activation(y) : y
    }
    guard let slope = activation.slopeBelowZero, x.isDefined, x.size(0) <= Self.mostImages else {
      return activation(x.groupNorm(channels, weight: weight, bias: bias, epsilon: epsilon))
    }
    return x.instanceNorm(weight: weight, bias: bias, epsilon: epsilon, slope: slope)
  }
}
