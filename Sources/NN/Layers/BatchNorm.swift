import Torch

/// Batch normalisation (Ioffe and Szegedy 2015, algorithm 1) over all axes but the second: of `[N, C]` as PyTorch's
/// BatchNorm1d, of `[N, C, H, W]` as its BatchNorm2d.
///
/// A training pass uses the batch's mean and biased variance and moves the running ones toward the batch's mean and
/// unbiased variance by `momentum`; an inference pass uses the running ones.
public final class BatchNorm {
  let weight: Tensor?
  let bias: Tensor?
  let runningMean: Tensor
  let runningVariance: Tensor
  let batches: Tensor
  let momentum: Double
  let epsilon: Double

  /// - Parameters:
  ///   - momentum: the share of the batch in the running statistics: PyTorch's 0.1; Keras' momentum m is 1 − m here.
  ///   - affine: whether a weight and a bias `[channels]` are learnt.
  public init(
    _ path: Path, _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, affine: Bool = true,
    initializer: Initializer = .ones
  ) {
    let dtype = path.state.dtype
    weight = affine ? path.parameter("weight", shape: [channels], initializer) : nil
    bias = affine ? path.parameter("bias", shape: [channels], .zeros) : nil
    runningMean = path.buffer("running_mean", .zeros([channels], dtype: dtype))
    runningVariance = path.buffer("running_var", .ones([channels], dtype: dtype))
    batches = path.buffer("num_batches_tracked", .zeros([], dtype: .int64))
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The normalised `x`, of the same shape.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    if pass.isTraining { batches.add(Tensor.ones([], dtype: .int64)) }
    return x.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      training: pass.isTraining, momentum: momentum, epsilon: epsilon)
  }
}
