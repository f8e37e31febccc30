private let linearOperation = Operation("aten::linear")
private let convolutionOperation = Operation("gan::convolution")
private let transposedOperation = Operation("gan::convolution_transpose")
private let batchNormOperation = Operation("aten::batch_norm")
private let layerNormOperation = Operation("aten::layer_norm")
private let groupNormOperation = Operation("aten::group_norm")
private let embeddingOperation = Operation("aten::embedding")
private let nearestOperation = Operation("aten::upsample_nearest2d")
private let bilinearOperation = Operation("aten::upsample_bilinear2d")
private let averagePoolOperation = Operation("aten::avg_pool2d")
private let maxPoolOperation = Operation("aten::max_pool2d")
private let pixelShuffleOperation = Operation("aten::pixel_shuffle")

// The operators behind the layers of NN; shapes as in PyTorch's functional interface.
extension Tensor {
  /// x Wᵀ + b for `[..., in]`, weight `[out, in]`, bias `[out]`.
  public func linear(_ weight: Tensor, _ bias: Tensor?) -> Tensor {
    linearOperation(.tensor(self), .tensor(weight), .optional(bias))
  }

  /// The cross-correlation of `[N, in, H, W]` with weight `[out, in / groups, kH, kW]`.
  ///
  /// - Parameters:
  ///   - padding: rows and columns of zeros before the first.
  ///   - size: the result's (height, width), from which follows what is padded, or left unread, behind the last.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor?, stride: [Int], padding: [Int], size: [Int], groups: Int = 1
  ) -> Tensor {
    convolutionOperation(
      .tensor(self), .tensor(weight), .optional(bias), .ints(stride), .ints(padding), .ints(size), .int(groups))
  }

  /// The transpose of ``conv2d(_:_:stride:padding:size:groups:)``: `[N, in, H, W]` with weight
  /// `[in, out / groups, kH, kW]`; `padding` and `size` speak of the result.
  public func convTranspose2d(
    _ weight: Tensor, _ bias: Tensor?, stride: [Int], padding: [Int], size: [Int], groups: Int = 1
  ) -> Tensor {
    transposedOperation(
      .tensor(self), .tensor(weight), .optional(bias), .ints(stride), .ints(padding), .ints(size), .int(groups))
  }

  /// Batch normalisation over all axes but the second. In training the running statistics are updated in place:
  /// `running = (1 − momentum) running + momentum batch`, the variance unbiased; the batch must have more than one value
  /// a channel then.
  public func batchNorm(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool, momentum: Double,
    epsilon: Double
  ) -> Tensor {
    if training && count == size(1) {
      // libtorch would put not-a-numbers into the running variance without a word.
      fail(TorchError("batch normalisation of \(summary) in training: there must be more than one value a channel"))
      return .undefined
    }
    return batchNormOperation(
      .tensor(self), .optional(weight), .optional(bias), .optional(runningMean), .optional(runningVariance),
      .bool(training), .double(momentum), .double(epsilon), .bool(false))
  }

  /// Layer normalisation over the last axes, whose sizes are `shape`.
  public func layerNorm(_ shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor {
    layerNormOperation(
      .tensor(self), .ints(shape), .optional(weight), .optional(bias), .double(epsilon), .bool(false))
  }

  /// Group normalisation of the second axis in `groups`.
  public func groupNorm(_ groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor {
    groupNormOperation(
      .tensor(self), .int(groups), .optional(weight), .optional(bias), .double(epsilon), .bool(false))
  }

  /// The rows of `table` `[count, size]` at these int64 indices.
  public func embedded(in table: Tensor) -> Tensor { embeddingOperation(.tensor(table), .tensor(self)) }

  /// `[N, C, H, W]` resized to `size` (height, width) by repeating the nearest pixel.
  public func upsampledNearest(_ size: [Int]) -> Tensor { nearestOperation(.tensor(self), .ints(size)) }

  /// `[N, C, H, W]` resized to `size` (height, width) linearly, corners not aligned.
  public func upsampledBilinear(_ size: [Int]) -> Tensor {
    bilinearOperation(.tensor(self), .ints(size), .bool(false))
  }

  /// Means over windows of `kernel`.
  public func averagePooled(_ kernel: [Int], stride: [Int]) -> Tensor {
    averagePoolOperation(.tensor(self), .ints(kernel), .ints(stride))
  }

  /// Maxima over windows of `kernel`.
  public func maxPooled(_ kernel: [Int], stride: [Int]) -> Tensor {
    maxPoolOperation(.tensor(self), .ints(kernel), .ints(stride))
  }

  /// `[N, C r², H, W]` as `[N, C, H r, W r]` (Shi et al. 2016, eq. 4).
  public func pixelShuffled(_ factor: Int) -> Tensor { pixelShuffleOperation(.tensor(self), .int(factor)) }
}
