import Torch

/// Batch normalisation with a gain and a bias for each class (Dumoulin et al. 2017, section 2.2; of class labels:
/// Miyato and Koyama 2018): y = gain[c] (x − μ) / √(σ² + ε) + bias[c].
///
/// The statistics, named `norm.*`, are those of all classes together; `gain.weight` and `bias.weight` are
/// `[classes, channels]` and start as ones and zeros.
public final class ConditionalBatchNorm {
  let norm: BatchNorm
  let gain: Embedding
  let bias: Embedding

  /// A layer for maps of `channels` and labels in 0 ..< `classes`.
  public init(_ path: Path, _ channels: Int, classes: Int) {
    norm = BatchNorm(path / "norm", channels, affine: false)
    gain = Embedding(path / "gain", classes, channels, initializer: .ones)
    bias = Embedding(path / "bias", classes, channels, initializer: .zeros)
  }

  /// The activation of the normalised `x`, `[N, C]` or `[N, C, H, W]`.
  ///
  /// - Parameter classes: the label of each sample, int64 `[N]`.
  public func callAsFunction(_ x: Tensor, classes: Tensor, _ pass: Pass, then activation: Activation = .identity)
    -> Tensor
  {
    func spread(_ rows: Tensor) -> Tensor {
      rows.to(x.dtype).reshaped([x.size(0), x.size(1)] + Array(repeating: 1, count: x.rank - 2))
    }
    return activation(
      addProduct(.tensor(spread(bias(classes))), .tensor(norm(x, pass)), .tensor(spread(gain(classes)))))
  }
}

private let addProduct = Operation("aten::addcmul")
