private let reshapeOperation = Operation("aten::reshape")
private let permuteOperation = Operation("aten::permute")
private let transposeOperation = Operation("aten::transpose", "int")
private let narrowOperation = Operation("aten::narrow")
private let selectOperation = Operation("aten::select", "int")
private let stackOperation = Operation("aten::stack")
private let concatenateOperation = Operation("aten::cat")
private let padOperation = Operation("aten::constant_pad_nd")
private let expandOperation = Operation("aten::expand")
private let flipOperation = Operation("aten::flip")
private let indexSelectOperation = Operation("aten::index_select")

extension Tensor {
  /// The elements in the same order under another shape; one size may be -1, and is found.
  public func reshaped(_ shape: Int...) -> Tensor { reshaped(shape) }
  /// The elements in the same order under another shape; one size may be -1, and is found.
  public func reshaped(_ shape: [Int]) -> Tensor { reshapeOperation(.tensor(self), .ints(shape)) }
  /// `[N, ...]` as `[N, the product of the rest]`.
  public func flattened() -> Tensor { reshaped(size(0), -1) }
  /// Axes of size 1 repeated to the sizes of `shape`. Shares its elements.
  public func expanded(_ shape: [Int]) -> Tensor { expandOperation(.tensor(self), .ints(shape)) }
  /// Zeros around the last axes: before and behind the last, before and behind the last but one, and so on.
  public func padded(_ margins: Int...) -> Tensor { padOperation(.tensor(self), .ints(margins)) }
  /// The axes in another order.
  public func permuted(_ axes: Int...) -> Tensor { permuteOperation(.tensor(self), .ints(axes)) }
  /// Two axes swapped.
  public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    transposeOperation(.tensor(self), .int(first), .int(second))
  }
  /// The part of `axis` from `start`, `count` long. Shares its elements.
  public func slice(_ axis: Int, from start: Int, count: Int) -> Tensor {
    narrowOperation(.tensor(self), .int(axis), .int(start), .int(count))
  }
  /// The part of the first axis in `range`. Shares its elements.
  public subscript(range: Range<Int>) -> Tensor { slice(0, from: range.lowerBound, count: range.count) }
  /// Element `index` of the first axis. Shares its elements.
  public subscript(index: Int) -> Tensor { selectOperation(.tensor(self), .int(0), .int(index)) }
  /// The elements of the first axis at these int64 indices, copied.
  public func rows(_ indices: Tensor) -> Tensor { indexSelectOperation(.tensor(self), .int(0), .tensor(indices)) }
  /// The order along `axes` reversed.
  public func flipped(_ axes: Int...) -> Tensor { flipOperation(.tensor(self), .ints(axes)) }
  /// The tensors one behind the other along `axis`.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    concatenateOperation(.tensors(tensors), .int(axis))
  }
  /// `tensors` along a new axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    stackOperation(.tensors(tensors), .int(axis))
  }
}
