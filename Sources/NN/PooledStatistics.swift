import Torch

/// The means and variances by which a network normalises the parts of one image alike.
///
/// A part that is normalised by its own statistics comes out otherwise than in the whole image: of a plain sky, noise is
/// amplified until it looks like content. So a first pass over a sample of the image's parts, as one batch, measures what all
/// further passes compute by.
public final class PooledStatistics {
  /// In the order in which the norms of the network come.
  private var measured: [(mean: Tensor, variance: Tensor)] = []
  private var isMeasuring = true
  /// The norm whose turn it is.
  private var next = 0

  /// The statistics of one pass.
  ///
  /// - Parameter sample: runs the network over a batch of parts, in a pass ``Pass/parts(_:_:)`` with what it is given.
  public init(measuring sample: (PooledStatistics) throws -> Void) rethrows {
    try sample(self)
    isMeasuring = false
  }

  /// Batch normalisation of `x` by the statistics of the norm whose turn it is, then leaky relu of `slope`.
  func normalize(_ x: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Double, slope: Double) -> Tensor {
    guard !isMeasuring else {
      let (y, mean, variance) = x.batchNorm(weight: weight, bias: bias, epsilon: epsilon, slope: slope)
      measured.append((mean, variance))
      return y
    }
    let (mean, variance) = measured[next]
    next = (next + 1) % measured.count
    return x.normalized(
      mean: mean, variance: variance, weight: weight, bias: bias, epsilon: epsilon, slope: slope)
  }
}
