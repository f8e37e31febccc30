import Datasets
import Pictures
import Torch

/// Pictures: `[N, H, W, C]` in files, `[N, C, H, W]` from -1 (black) to 1 (white) as float32 tensors, whose channels are
/// neighbours in memory. A byte b stands for 2 b / 255 − 1.
public struct PictureDomain: Domain {
  /// Pictures of bytes, or of floats in [-1, 1].
  public let format: ColumnFormat
  /// A grid of eight by eight.
  public let previewCount = 64
  private let shape: SampleShape

  /// - Precondition: rows are `[H, W, C]`, of bytes or of floats.
  public init(_ format: ColumnFormat) {
    guard let shape = format.sampleShape, format.element != .int32 else {
      preconditionFailure("rows of shape \(format.shape) and type \(format.element.rawValue) are not pictures")
    }
    self.format = format
    self.shape = shape
  }

  /// Pictures of `shape`, as PNG files and `.npy` files of bytes hold them.
  public init(_ shape: SampleShape) { self.init(.pictures(shape)) }

  /// The pictures `[count, C, H, W]`.
  public func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor {
    let numbers = Tensor(
      bytes: stored, shape: [count, shape.height, shape.width, shape.channels], dtype: format.element.dtype,
      device: device
    ).permuted(0, 3, 1, 2).to(.float32)
    return format.element == .uint8 ? Self.values(numbers) : numbers
  }

  /// The pixels: bytes, −1 being 0 and 1 being 255, rounded to the nearest; or floats, cut off at -1 and 1.
  public func stored(_ values: Tensor) -> AlignedBytes {
    guard format.element == .uint8 else {
      return AlignedBytes(copying: rounded(values).permuted(0, 2, 3, 1).array(of: Float.self))
    }
    return AlignedBytes(copying: Self.pixels(values))
  }

  /// The pictures rounded to the 256 levels that bytes have; floats are cut off at -1 and 1. The order in memory stays.
  public func rounded(_ values: Tensor) -> Tensor {
    let values = values.detached()
    return format.element == .uint8 ? Self.values(Self.levels(values)) : values.clamped(-1, 1)
  }

  /// A grid; of channels that are neither grey nor colour, the first.
  public func preview(_ values: Tensor, over data: Tensor?, columns: Int?) throws -> Preview {
    .grid(try pictures(values), columns: columns)
  }

  /// The pictures as bytes; of channels that are neither grey nor colour, the first.
  ///
  /// - Throws: ``PictureError`` when there are none.
  public func pictures(_ values: Tensor) throws(PictureError) -> PictureBatch {
    let shown = [1, 3].contains(shape.channels) ? values : values.slice(1, from: 0, count: 1)
    return try PictureBatch(
      count: values.size(0), height: shape.height, width: shape.width, channels: shown.size(1),
      pixels: Self.pixels(shown))
  }

  private static func pixels(_ values: Tensor) -> [UInt8] {
    levels(values.detached()).permuted(0, 2, 3, 1).array(of: UInt8.self)
  }

  private static func levels(_ values: Tensor) -> Tensor { ((values + 1) * 127.5).rounded().clamped(0, 255) }
  private static func values(_ levels: Tensor) -> Tensor { levels * (2.0 / 255) - 1 }
}

/// Points in the plane: `[N, 2]` in files, `[N, 2, 1, 1]` as tensors, so that networks for pictures take them.
public struct PointDomain: Domain {
  /// Rows of two floats.
  public let format: ColumnFormat
  /// As many as show the shape of a distribution.
  public let previewCount = 2000

  /// - Precondition: rows are of two floats.
  public init(_ format: ColumnFormat = .points) {
    precondition(
      format.elementCount == 2 && format.element == .float32,
      "rows of shape \(format.shape) and type \(format.element.rawValue) are not points in the plane")
    self.format = format
  }

  /// The points `[count, 2, 1, 1]`.
  public func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor {
    Tensor(bytes: stored, shape: [count, 1, 1, 2], dtype: .float32, device: device).permuted(0, 3, 1, 2)
  }

  /// The coordinates.
  public func stored(_ values: Tensor) -> AlignedBytes {
    AlignedBytes(copying: values.detached().flattened().array(of: Float.self))
  }

  /// The points themselves: files hold every float.
  public func rounded(_ values: Tensor) -> Tensor { values.detached() }

  /// The points over those of the data.
  public func preview(_ values: Tensor, over data: Tensor?, columns: Int?) -> Preview {
    .scatter(data: data.map(points) ?? [], generated: points(values))
  }

  /// The points in the colour of data.
  public func preview(ofData rows: Tensor) -> Preview { .scatter(data: points(rows), generated: []) }

  /// The points, to be drawn.
  public func points(_ values: Tensor) -> [ScatterPlot.Point] {
    let numbers = values.detached().flattened().array(of: Float.self)
    return stride(from: 0, to: numbers.count, by: 2).map { ScatterPlot.Point(numbers[$0], numbers[$0 + 1]) }
  }
}

/// Classes: int32 in files, int64 `[N]` as tensors.
public struct LabelDomain: Domain {
  /// One whole number a row, with the names of the classes where they have any.
  public let format: ColumnFormat
  /// A line each.
  public let previewCount = 20

  /// - Precondition: rows are of one int32.
  public init(_ format: ColumnFormat = .labels()) {
    precondition(
      format.elementCount == 1 && format.element == .int32,
      "rows of shape \(format.shape) and type \(format.element.rawValue) are not classes")
    self.format = format
  }

  /// The classes `[count]`.
  public func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor {
    Tensor(bytes: stored, shape: [count], dtype: .int32, device: device).to(.int64)
  }

  /// The classes.
  public func stored(_ values: Tensor) -> AlignedBytes { AlignedBytes(copying: values.array(of: Int32.self)) }

  /// A line each: the class's name, else its number.
  public func preview(_ values: Tensor, over data: Tensor?, columns: Int?) -> Preview {
    let names = format.names ?? []
    return .text(
      values.array(of: Int.self).map { names.indices.contains($0) ? names[$0] : "\($0)" })
  }
}

/// Numbers as they are stored, `[N]` and the axes of a row: float32, bytes, or whole numbers as int64. What columns become whose
/// kind has no domain of its own.
public struct NumberDomain: Domain {
  /// Any.
  public let format: ColumnFormat
  /// A line each.
  public let previewCount = 20

  /// Rows of any shape and type.
  public init(_ format: ColumnFormat) { self.format = format }

  /// The numbers.
  public func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor {
    let numbers = Tensor(
      bytes: stored, shape: [count] + format.shape, dtype: format.element.dtype, device: device)
    return format.element == .int32 ? numbers.to(.int64) : numbers
  }

  /// The numbers in the type of the column.
  public func stored(_ values: Tensor) -> AlignedBytes {
    switch format.element {
    case .uint8: AlignedBytes(copying: values.array(of: UInt8.self))
    case .float32: AlignedBytes(copying: values.array(of: Float.self))
    case .int32: AlignedBytes(copying: values.array(of: Int32.self))
    }
  }

  /// A line each, with spaces between the numbers.
  public func preview(_ values: Tensor, over data: Tensor?, columns: Int?) -> Preview {
    let numbers =
      format.element == .float32
      ? values.array(of: Float.self).map { "\($0)" } : values.array(of: Int.self).map { "\($0)" }
    return .text(
      (0..<values.size(0)).map { row in
        numbers[(row * format.elementCount)..<((row + 1) * format.elementCount)].joined(separator: " ")
      })
  }
}

extension ColumnFormat.Element {
  /// The same type of tensors.
  var dtype: DType {
    switch self {
    case .uint8: .uint8
    case .float32: .float32
    case .int32: .int32
    }
  }
}
