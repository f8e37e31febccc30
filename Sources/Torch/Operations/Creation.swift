import CTorch

private let emptyOperation = Operation("aten::empty", "memory_format")
private let fullOperation = Operation("aten::full")
private let emptyLikeOperation = Operation("aten::empty_like")
private let zerosLikeOperation = Operation("aten::zeros_like")
private let onesLikeOperation = Operation("aten::ones_like")
private let arangeOperation = Operation("aten::arange")

extension Tensor {
  /// A tensor whose elements are not set.
  public static func empty(
    _ shape: [Int], dtype: DType = .float32, device: Device = .cpu, format: MemoryFormat = .contiguous
  ) -> Tensor {
    emptyOperation(.ints(shape), .dtype(dtype), .none, .device(device), .none, .format(format))
  }

  /// A tensor with `value` everywhere.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
    fullOperation(.ints(shape), .double(value), .dtype(dtype), .none, .device(device))
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
    full(shape, 0, dtype: dtype, device: device)
  }

  /// A tensor of ones.
  public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
    full(shape, 1, dtype: dtype, device: device)
  }

  /// The whole numbers 0 ..< count, `[count]`.
  public static func range(_ count: Int, dtype: DType = .int64, device: Device = .cpu) -> Tensor {
    arangeOperation(.int(count), .dtype(dtype), .none, .device(device))
  }

  /// A tensor of one number and no axis.
  public init(_ value: Double, dtype: DType = .float32, device: Device = .cpu) {
    self = .full([], value, dtype: dtype, device: device)
  }

  /// A tensor of `elements` in row-major order.
  ///
  /// - Precondition: `elements.count` is the product of `shape`.
  public init<Element: TensorElement>(_ elements: [Element], shape: [Int], device: Device = .cpu) {
    self = elements.withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: Element.dtype, device: device) }
  }

  /// A tensor `[count]` of `elements`.
  public init<Element: TensorElement>(_ elements: [Element]) { self.init(elements, shape: [elements.count]) }

  /// A copy of `bytes`, which lie in host memory, as a row-major tensor on `device`.
  ///
  /// - Precondition: `bytes.count` is the product of `shape` times the element's size.
  public init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, device: Device = .cpu) {
    precondition(
      bytes.count == shape.reduce(1, *) * dtype.size, "\(bytes.count) bytes do not make \(dtype) of shape \(shape)")
    let copy = Tensor.empty(shape, dtype: dtype)
    if copy.isDefined { copy.withUnsafeMutableBytes { $0.copyMemory(from: bytes) } }
    self = copy.to(device)
  }

  /// A tensor like this one whose elements are not set.
  public func emptyLike() -> Tensor { emptyLikeOperation(.tensor(self)) }

  /// A tensor like this one, in its memory order, of zeros.
  public func zerosLike() -> Tensor { zerosLikeOperation(.tensor(self)) }

  /// A tensor like this one, in its memory order, of ones.
  public func onesLike() -> Tensor { onesLikeOperation(.tensor(self)) }
}
