import Torch

/// Draws of classes, each as often as in the data, where its tensors live.
public struct ClassDraws {
  /// The upper end of each class but the last in 0 ... 1.
  private let bounds: Tensor

  /// Draws of the classes of `table` on `device`, to which they bring a number for each class.
  public init(_ table: ClassTable, on device: Device = .cpu) {
    // Floating numbers, since counts that come from outside can add up to more than any whole one.
    let total = table.counts.reduce(0.0) { $0 + Double($1) }
    var sum = 0.0
    let ends = table.counts.dropLast().map { count -> Float in
      sum += Double(count)
      return Float(sum / total)
    }
    bounds = Tensor(ends, shape: [ends.count], device: device)
  }

  /// `count` draws, int64 `[count]`; draw i is that of row `first` + i, on any device.
  public func callAsFunction(_ count: Int, seed: UInt64, first: Int = 0) -> Tensor {
    let normal = Tensor.normalRows(count: count, size: 1, seed: seed, stream: 1, first: first, device: bounds.device)
    let uniform = distribution(.tensor(normal.reshaped(-1)))
    return bucket(.tensor(uniform), .tensor(bounds), .bool(false), .bool(true))
  }
}

private let distribution = Operation("aten::special_ndtr")
private let bucket = Operation("aten::bucketize", "Tensor")
