/// A named column of a data set or of a batch: rows of one format, one after the other, in memory or in a mapped file.
///
/// ```swift
/// let pictures = StoredColumn.pictures(bytes, SampleShape(channels: 1, height: 28, width: 28))
/// let classes = StoredColumn.labels([3, 1, 4], names: ["cat", "dog", "fox", "owl", "hen"])
/// ```
public struct StoredColumn: Sendable {
  /// What it is called: "images", "classes", "target".
  public let name: String
  /// What its rows are and how they are stored.
  public let format: ColumnFormat
  let storage: SampleStorage

  /// A column of any format whose rows are `bytes`.
  public init(_ name: String, _ format: ColumnFormat, bytes: AlignedBytes) {
    self.init(name, format, .memory(bytes, 0..<bytes.count))
  }

  init(_ name: String, _ format: ColumnFormat, _ storage: SampleStorage) {
    self.name = name
    self.format = format
    self.storage = storage
  }

  /// Pictures of bytes `[N, H, W, C]`, 0 for black and 255 for white.
  public static func pictures(_ pixels: [UInt8], _ shape: SampleShape, name: String = "images") -> StoredColumn {
    StoredColumn(name, .pictures(shape), bytes: AlignedBytes(copying: pixels))
  }

  /// Pictures of floats `[N, H, W, C]`, -1 for black and 1 for white.
  public static func pictures(_ pixels: [Float], _ shape: SampleShape, name: String = "images") -> StoredColumn {
    StoredColumn(name, .pictures(shape, .float32), bytes: AlignedBytes(copying: pixels))
  }

  /// Points in the plane, `[N, 2]`, both coordinates in [-1, 1].
  public static func points(_ coordinates: [Float], name: String = "images") -> StoredColumn {
    StoredColumn(name, .points, bytes: AlignedBytes(copying: coordinates))
  }

  /// Classes, counted from 0.
  ///
  /// - Parameters:
  ///   - names: what they are called, in order.
  ///   - count: how many there are, where the last of them may have no row.
  public static func labels(
    _ labels: [Int32], names: [String]? = nil, count: Int? = nil, name: String = "classes"
  ) -> StoredColumn {
    StoredColumn(name, .labels(cardinality: count, names: names), bytes: AlignedBytes(copying: labels))
  }

  /// Its name and format.
  public var description: ColumnDescription { ColumnDescription(name, format) }

  /// How many rows there are.
  public var count: Int { storage.byteCount / max(format.rowBytes, 1) }

  /// Calls `body` with all rows, one after the other, valid during the call.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try storage.withUnsafeBytes(body)
  }

  /// Calls `body` with rows `range`, valid during the call.
  public func withRows<R>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let size = format.rowBytes
    return try withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[(range.lowerBound * size)..<(range.upperBound * size)]))
    }
  }

  /// The rows at `places`, in their order, copied.
  public func rows(at places: some Collection<Int>) -> StoredColumn {
    let size = format.rowBytes
    let bytes = AlignedBytes(count: places.count * size) { target in
      withUnsafeBytes { all in
        for (row, place) in places.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(row * size)...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: all[(place * size)..<((place + 1) * size)]))
        }
      }
    }
    return StoredColumn(name, format, bytes: bytes)
  }

  /// Rows `range`, in place.
  func part(_ range: Range<Int>) -> StoredColumn {
    let size = format.rowBytes
    return StoredColumn(name, format, storage.part((range.lowerBound * size)..<(range.upperBound * size)))
  }

  /// The same rows under another name.
  func renamed(_ name: String) -> StoredColumn { StoredColumn(name, format, storage) }

  /// The numbers of a column of int32.
  package var integers: [Int32] {
    precondition(format.element == .int32, "column '\(name)' holds \(format.element), not int32")
    return withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
  }

  /// Checks what a program hands over.
  ///
  /// - Throws: ``DataError`` when the bytes are no whole number of rows, or floats are out of their range.
  func check(in set: String) throws(DataError) {
    let size = format.rowBytes
    guard size > 0, storage.byteCount % size == 0 else {
      throw DataError(
        "\(set): column '\(name)' has \(storage.byteCount) bytes, which is not a whole number of rows of shape "
          + "\(format.shape) and type \(format.element.rawValue), \(size) bytes each")
    }
    guard format.element == .float32 else { return }
    let isBounded = format.kind == .pictures || format.kind == .points
    let fault = withUnsafeBytes { bytes in
      bytes.bindMemory(to: Float.self).enumerated().first { !$1.isFinite || isBounded && abs($1) > 1 }
    }
    guard let (index, value) = fault else { return }
    throw DataError(
      "\(set): number \(index % format.elementCount) of row \(index / format.elementCount) in column '\(name)' is \(value); "
        + (isBounded ? "floats of pictures and points must be in [-1, 1]" : "numbers must be finite"))
  }
}
