import CTorch

/// An array of numbers with a shape, a type and a device, and perhaps a gradient: a reference to libtorch's tensor.
///
/// Copies share their elements, as in PyTorch; ``clone()`` makes new ones. A tensor belongs to the thread that uses it.
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
  public var rank: Int { Int(ctorch_tensor_rank(reference)) }

  /// The number of elements.
  public var count: Int { Int(ctorch_tensor_count(reference)) }

  /// The number of elements along each axis.
  public var shape: [Int] { layout.sizes }

  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] { layout.strides }

  private var layout: (sizes: [Int], strides: [Int]) {
    let rank = rank
    var strides = [Int](repeating: 0, count: rank)
    let sizes = [Int](unsafeUninitializedCapacity: rank) { sizes, count in
      sizes.initialize(repeating: 0)
      strides.withUnsafeMutableBufferPointer { strides in
        sizes.withMemoryRebound(to: Int64.self) { sizes in
          strides.withMemoryRebound(to: Int64.self) { strides in
            ctorch_tensor_layout(reference, sizes.baseAddress, strides.baseAddress)
          }
        }
      }
      count = rank
    }
    return (sizes, strides)
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

  /// The type of the elements.
  public var dtype: DType { DType(rawValue: ctorch_tensor_dtype(reference)) ?? .float32 }

  /// Where the elements live.
  public var device: Device {
    var type: Int32 = 0
    var index: Int32 = 0
    ctorch_tensor_device(reference, &type, &index)
    return Device(type: type, index: index)
  }

  /// Whether the elements lie in memory without gaps in the order of `format`.
  public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
    ctorch_tensor_is_contiguous(reference, format.rawValue)
  }

  /// Whether operations on this tensor are recorded for gradients.
  public var requiresGradient: Bool { ctorch_tensor_requires_grad(reference) }

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
