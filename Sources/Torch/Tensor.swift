import CTorch

/// An array of numbers with a shape, a type and a device, and perhaps a gradient: a reference to libtorch's tensor.
///
/// Copies share their elements, as in PyTorch; ``clone()`` makes new ones. Threads may
/// read a tensor at the same time as long as none changes it.
public struct Tensor {
  /// Owns one reference.
  final class Handle {
    let reference: CTorchTensor
    init(adopting reference: CTorchTensor) { self.reference = reference }
    deinit { ctorch_tensor_release(reference) }
  }

  let handle: Handle

  init(adopting reference: CTorchTensor) { handle = Handle(adopting: reference) }

  var reference: CTorchTensor { handle.reference }

  /// A tensor that is none: what a failed operator returns inside ``withTorchErrors(_:)``.
  public static var undefined: Tensor { Tensor(adopting: ctorch_tensor_undefined()) }

  /// Whether there is a tensor behind the reference.
  public var isDefined: Bool { ctorch_tensor_is_defined(reference) }

  /// The number of axes.
  public var rank: Int { Int(value(0, "a tensor's rank") { ctorch_tensor_rank(reference, &$0) }) }

  /// The number of elements.
  public var count: Int { Int(value(0, "a tensor's count") { ctorch_tensor_count(reference, &$0) }) }

  /// The number of elements along each axis.
  public var shape: [Int] { numbers("shape") { ctorch_tensor_sizes(reference, $0) } }

  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] { numbers("strides") { ctorch_tensor_strides(reference, $0) } }

  /// A number an axis, which `write` stores.
  private func numbers(_ what: String, _ write: (UnsafeMutablePointer<Int64>?) -> CTorchStatus) -> [Int] {
    let rank = rank
    var status = CTORCH_OK
    let numbers = [Int](unsafeUninitializedCapacity: rank) { numbers, count in
      numbers.initialize(repeating: 0)
      status = numbers.withMemoryRebound(to: Int64.self) { write($0.baseAddress) }
      count = rank
    }
    if status != CTORCH_OK { fail(.last(status, "a tensor's \(what)")) }
    return numbers
  }

  /// The number of elements along `axis`; negative axes count from the last.
  public func size(_ axis: Int) -> Int {
    let shape = shape
    let index = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(index) else {
      fail(TorchError("size(\(axis)) of a tensor of shape \(shape): there is no such axis"))
      return 0
    }
    return shape[index]
  }

  /// The type of the elements; float32 for a tensor that is none.
  public var dtype: DType {
    let code = value(-1, "a tensor's type") { ctorch_tensor_dtype(reference, &$0) }
    if let dtype = DType(rawValue: code) { return dtype }
    if isDefined { fail(TorchError("a tensor's elements are of libtorch's type \(code), which no DType stands for")) }
    return .float32
  }

  /// Where the elements live.
  public var device: Device {
    let place = value((type: Int32(0), index: Int32(-1)), "a tensor's device") {
      ctorch_tensor_device(reference, &$0.type, &$0.index)
    }
    return Device(type: place.type, index: place.index)
  }

  /// Whether the elements lie in memory without gaps in the order of `format`.
  public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
    value(false, "whether \(summary) is contiguous") {
      ctorch_tensor_is_contiguous(reference, format.rawValue, &$0)
    }
  }

  /// Whether operations on this tensor are recorded for gradients.
  public var requiresGradient: Bool {
    value(false, "whether \(summary) requires a gradient") { ctorch_tensor_requires_grad(reference, &$0) }
  }

  /// The same tensor, with recording for gradients switched on or off; it must be a leaf.
  @discardableResult
  public func requiringGradient(_ required: Bool = true) -> Tensor {
    let status = ctorch_tensor_set_requires_grad(reference, required)
    if status != CTORCH_OK { fail(.last(status, "requiringGradient(\(required)) of \(summary)")) }
    return self
  }

  /// The type and shape in few words, as in "float32 [64, 1, 28, 28]".
  public var summary: String { isDefined ? "\(dtype) \(shape)" : "undefined" }
}

extension Tensor: CustomStringConvertible {
  /// The summary, and the elements of a small tensor.
  public var description: String {
    guard isDefined, count <= 16 else { return summary }
    return "\(summary) \(array(of: Double.self))"
  }
}

extension Tensor {
  /// Whether both are references to one tensor.
  public func isSame(as other: Tensor) -> Bool { reference == other.reference }
}
