import Torch

/// Batch normalisation (Ioffe and Szegedy 2015, algorithm 1) over all axes but the second: of `[N, C]` as PyTorch's
/// BatchNorm1d, of `[N, C, H, W]` as its BatchNorm2d.
///
/// y = (x − μ) / √(σ² + ε) weight + bias. A training pass takes the batch's mean and biased variance for μ and σ² and
/// moves the running ones toward the batch's by `momentum`; an inference pass takes the running ones.
public final class BatchNorm {
  /// Which variance of a batch the running one follows; n is the number of its values per channel.
  public enum RunningVariance: Sendable {
    /// Squares divided by n − 1, as PyTorch.
    case unbiased
    /// Squares divided by n, as Keras.
    case biased
  }

  let weight: Tensor?
  let bias: Tensor?
  let runningMean: Tensor
  let runningVariance: Tensor
  let batches: Tensor
  let momentum: Double
  let epsilon: Double
  let kept: RunningVariance

  /// A layer whose bias and running mean start as zeros and whose running variance starts as ones.
  ///
  /// - Parameters:
  ///   - momentum: the share of the batch in the running statistics: PyTorch's 0.1; Keras's momentum m is 1 − m here.
  ///   - affine: whether a weight and a bias `[channels]` are learnt.
  ///   - kept: which variance the running one follows.
  public init(
    _ path: Path, _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, affine: Bool = true,
    initializer: Initializer = .ones, keeping kept: RunningVariance = .unbiased
  ) {
    let dtype = path.state.dtype
    weight = affine ? path.parameter("weight", shape: [channels], initializer) : nil
    bias = affine ? path.parameter("bias", shape: [channels], .zeros) : nil
    runningMean = path.buffer("running_mean", .zeros([channels], dtype: dtype))
    runningVariance = path.buffer("running_var", .ones([channels], dtype: dtype))
    batches = path.buffer("num_batches_tracked", .zeros([], dtype: .int64))
    self.momentum = momentum
    self.epsilon = epsilon
    self.kept = kept
  }

  /// The normalised `x`, of the same shape, and the activation of it: relu and leaky relu are fused into the same pass.
  ///
  /// A training pass needs more than one value per channel.
  public func callAsFunction(_ x: Tensor, _ pass: Pass, then activation: Activation = .identity) -> Tensor {
    guard let slope = activation.slopeBelowZero else { return activation(self(x, pass)) }
    guard pass.random != nil else {
      return x.normalized(
        mean: runningMean, variance: runningVariance, weight: weight, bias: bias, epsilon: epsilon, slope: slope)
    }
    if let pooled = pass.pooled {
      return pooled.normalize(x, weight: weight, bias: bias, epsilon: epsilon, slope: slope)
    }
    let (y, mean, variance) = x.batchNorm(weight: weight, bias: bias, epsilon: epsilon, slope: slope)
    guard pass.isTraining else { return y }
    withoutGradient {
      let n = Double(x.count / max(runningMean.count, 1))
      batches.add(Tensor.ones([], dtype: .int64, device: batches.device))
      runningMean.interpolate(toward: mean, weight: momentum)
      runningVariance.interpolate(
        toward: kept == .unbiased ? variance * (n / (n - 1)) : variance, weight: momentum)
    }
    return y
  }
}
