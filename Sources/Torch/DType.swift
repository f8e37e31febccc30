import CTorch

/// The type of a tensor's elements; the raw value is libtorch's `c10::ScalarType`.
public enum DType: Int32, Sendable, CaseIterable {
  case uint8 = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case float16 = 5
  case float32 = 6
  case float64 = 7
  case bool = 11
  case bfloat16 = 15

  /// Bytes an element takes.
  public var size: Int { Int(value(0, "the size of \(self)") { ctorch_dtype_size(rawValue, &$0) }) }

  /// Whether gradients can flow through elements of this type.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64, .bfloat16: true
    default: false
    }
  }
}

/// A Swift type whose values a tensor can hold.
public protocol TensorElement {
  /// The type of tensor elements with the same memory layout.
  static var dtype: DType { get }
}

extension UInt8: TensorElement {
  /// Unsigned bytes.
  public static var dtype: DType { .uint8 }
}
extension Int32: TensorElement {
  /// Whole numbers of 32 bits.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorElement {
  /// Whole numbers of 64 bits.
  public static var dtype: DType { .int64 }
}
extension Int: TensorElement {
  /// Whole numbers of 64 bits, which Swift's `Int` has on every platform of libtorch.
  public static var dtype: DType { .int64 }
}
extension Float: TensorElement {
  /// Single precision.
  public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
  /// Double precision.
  public static var dtype: DType { .float64 }
}
extension Bool: TensorElement {
  /// Bytes that are 0 or 1.
  public static var dtype: DType { .bool }
}
