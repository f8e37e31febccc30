private let linearOperation = Operation("gan::linear")
private let convolutionOperation = Operation("gan::convolution")
private let transposedOperation = Operation("gan::convolution_transpose")
private let batchNormOperation = Operation("gan::batch_norm")
private let instanceNormOperation = Operation("gan::instance_norm")
private let normalizeOperation = Operation("gan::normalize")
private let layerNormOperation = Operation("aten::layer_norm")
private let groupNormOperation = Operation("aten::group_norm")
private let embeddingOperation = Operation("aten::embedding")
private let nearestOperation = Operation("aten::upsample_nearest2d")
private let bilinearOperation = Operation("aten::upsample_bilinear2d")
private let averagePoolOperation = Operation("aten::avg_pool2d")
private let adaptiveAveragePoolOperation = Operation("aten::adaptive_avg_pool2d")
private let maxPoolOperation = Operation("aten::max_pool2d")
private let pixelShuffleOperation = Operation("aten::pixel_shuffle")

// The operators behind the layers of NN; shapes as in PyTorch's functional interface.
extension Tensor {
  /// x Wᵀ + b for `[..., in]`, weight `[out, in]`, bias `[out]`.
  public func linear(_ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let (shape, wanted) = (shape, weight.shape)
    guard let inputs = shape.last, wanted.count == 2, inputs == wanted[1] else {
      fail(TorchError("a linear map of \(summary) by a weight \(weight.summary): takes [..., in] and [out, in]"))
      return .undefined
    }
    func mapped(_ rows: Tensor) -> Tensor { linearOperation(.tensor(rows), .tensor(weight), .optional(bias)) }
    return shape.count == 2
      ? mapped(self) : mapped(reshaped(-1, inputs)).reshaped(shape.dropLast() + [wanted[0]])
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

  /// Normalisation of each map of each image of `[N, C, H, W]` by its own mean and biased variance, then leaky relu of `slope`
  /// (1 for none, 0 for relu), in one operator. Weight and bias are `[C]`; maps need more than one pixel.
  ///
  /// - Returns: the output, channels last.
  public func instanceNorm(weight: Tensor?, bias: Tensor?, epsilon: Double, slope: Double = 1) -> Tensor {
    instanceNormOperation(
      .tensor(self), .optional(weight), .optional(bias), .double(epsilon), .double(slope))
  }

  /// Batch normalisation over all axes but the second by the batch's own statistics, then leaky relu of `slope` (1 for
  /// none, 0 for relu), in one operator.
  ///
  /// There must be more than one value per channel.
  ///
  /// - Returns: the output in the input's memory order (channels last when its channels are not neighbours), and mean and
  ///   biased variance of each channel, `[C]`, without gradient.
  public func batchNorm(weight: Tensor?, bias: Tensor?, epsilon: Double, slope: Double = 1) -> (
    output: Tensor, mean: Tensor, variance: Tensor
  ) {
    guard count > size(1) else {
      fail(TorchError("batch normalisation of \(summary) in training: needs more than one value per channel"))
      return (.undefined, .undefined, .undefined)
    }
    let results =
      batchNormOperation.all(
        .tensor(self), .optional(weight), .optional(bias), .double(epsilon), .double(slope), capacity: 3)
    guard results.count == 3 else { return (.undefined, .undefined, .undefined) }
    return (results[0], results[1], results[2])
  }

  /// Batch normalisation by the given statistics `[C]`, then leaky relu of `slope`, in one pass.
  public func normalized(
    mean: Tensor, variance: Tensor, weight: Tensor?, bias: Tensor?, epsilon: Double, slope: Double = 1
  ) -> Tensor {
    normalizeOperation(
      .tensor(self), .tensor(mean), .tensor(variance), .optional(weight), .optional(bias), .double(epsilon),
      .double(slope))
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

  /// `[N, C, H, W]` resized to `size` (height, width) linearly.
  ///
  /// - Parameter aligningCorners: whether the pixels at the corners keep their values, and not their areas.
  public func upsampledBilinear(_ size: [Int], aligningCorners: Bool = false) -> Tensor {
    bilinearOperation(.tensor(self), .ints(size), .bool(aligningCorners))
  }

  /// Means over windows of `kernel`, of which those at the edges reach `padding` beyond them and leave out what is there.
  public func averagePooled(_ kernel: [Int], stride: [Int], padding: [Int] = [0, 0]) -> Tensor {
    averagePoolOperation(
      .tensor(self), .ints(kernel), .ints(stride), .ints(padding), .bool(false), .bool(false))
  }

  /// `[N, C, H, W]` brought to `size` (height, width), no greater: means over windows that cover the whole, overlapping by
  /// a row or column where sizes do not divide.
  public func averagePooled(to size: [Int]) -> Tensor { adaptiveAveragePoolOperation(.tensor(self), .ints(size)) }

  /// Maxima over windows of `kernel`, of which those at the edges reach `padding` beyond them.
  public func maxPooled(_ kernel: [Int], stride: [Int], padding: [Int] = [0, 0]) -> Tensor {
    maxPoolOperation(.tensor(self), .ints(kernel), .ints(stride), .ints(padding))
  }

  /// `[N, C r², H, W]` as `[N, C, H r, W r]` (Shi et al. 2016, eq. 4).
  public func pixelShuffled(_ factor: Int) -> Tensor { pixelShuffleOperation(.tensor(self), .int(factor)) }
}
