import Files
import Foundation

/// An array in NumPy's format (NEP 1, versions 1 to 3): little endian uint8, float32 or float64, in C order; in gzip or
/// not.
struct NPYFile {
  let path: String
  let dimensions: [Int]
  private let type: String
  private let offset: Int
  private let count: Int
  private let file: PlainOrGzip

  /// Headers of plain arrays have a hundred bytes.
  private static let greatestHeader = 1 << 20

  /// Reads the header.
  ///
  /// - Throws: ``FileError`` when the array is of another type or order, or the length of the file disagrees with its
  ///   shape.
  init(_ path: String) throws(FileError) {
    self.path = path
    file = try PlainOrGzip(path)
    let bytes = try file.prefix(12)
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count == 12, (1...3).contains(bytes[6]) else {
      throw FileError(path, "this is not an .npy file of version 1, 2 or 3")
    }
    let start = bytes[6] == 1 ? 10 : 12
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard length <= Self.greatestHeader else {
      throw FileError(path, "the .npy header claims \(length) bytes; at most \(Self.greatestHeader) are allowed")
    }
    offset = start + length
    let header = String(decoding: try file.prefix(offset).dropFirst(start), as: UTF8.self)
    guard header.utf8.count == length else { throw FileError(path, "the .npy header is truncated") }
    guard let descr = header.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.1,
      let fortran = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.1,
      let shape = header.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/)?.1
    else { throw FileError(path, "the .npy header lacks a plain type, an order or a shape") }
    guard fortran == "False" else {
      throw FileError(path, "the array is in Fortran order; save it with numpy.ascontiguousarray")
    }
    type = String(descr)
    guard let size = ["|u1": 1, "<f4": 4, "<f8": 8][type] else {
      throw FileError(
        path, "the array is of type '\(descr)'; uint8 (0...255) and float32 or float64 ([-1, 1]) can be read")
    }
    let parts = shape.split { $0 == "," || $0 == " " }
    var (count, overflowed) = (1, false)
    var dimensions = [Int]()
    for part in parts {
      let dimension = Int(part) ?? Int.max
      dimensions.append(dimension)
      let product = count.multipliedReportingOverflow(by: dimension)
      (count, overflowed) = (product.partialValue, overflowed || product.overflow)
    }
    let bytesInAll = count.multipliedReportingOverflow(by: size)
    guard !overflowed, !bytesInAll.overflow, bytesInAll.partialValue < 1 << 48 else {
      throw FileError(path, "an array of shape (\(shape)) and type '\(type)' is larger than any file")
    }
    (self.dimensions, self.count) = (dimensions, bytesInAll.partialValue)
  }

  /// The array as pictures `[N, H, W, C]` or `[N, H, W]`, or as points in the plane: floats `[N, 2]` or `[N, 1, 1, 2]`.
  ///
  /// - Throws: ``FileError`` for another shape, or floats outside [-1, 1].
  func samples(name: String) throws -> StoredSamples {
    let isFloat = type != "|u1"
    if isFloat && (dimensions.count == 2 && dimensions[1] == 2 || dimensions.dropFirst() == [1, 1, 2]) {
      return StoredSamples(
        description: DatasetDescription(name: name, .points), samples: try floats(), labels: nil)
    }
    let channels = dimensions.count == 4 ? dimensions[3] : 1
    guard (3...4).contains(dimensions.count), [1, 3].contains(channels), dimensions.allSatisfy({ $0 > 0 }) else {
      throw FileError(
        path,
        "an array of shape (\(dimensions.map(String.init).joined(separator: ", "))) does not hold pictures; "
          + "[N, H, W] or [N, H, W, C] with 1 or 3 channels does")
    }
    let description = DatasetDescription(
      name: name, shape: SampleShape(channels: channels, height: dimensions[1], width: dimensions[2]),
      element: isFloat ? .float32 : .uint8)
    let samples = isFloat ? try floats() : try content()
    return StoredSamples(description: description, samples: samples, labels: nil)
  }

  /// The numbers as the file has them.
  private func content() throws(FileError) -> SampleStorage {
    let shape = dimensions.map(String.init).joined(separator: ", ")
    return try file.content(
      from: offset, count: count,
      announcedBy: "the .npy header announces an array of shape (\(shape)) and type '\(type)'")
  }

  private func floats() throws -> SampleStorage {
    let isDouble = type == "<f8"
    let size = isDouble ? 8 : 4
    let numbers = count / size
    return .memory(
      try content().withUnsafeBytes { data in
        try AlignedBytes(count: 4 * numbers) { target in
          let target = target.bindMemory(to: Float.self)
          for index in 0..<numbers {
            let value =
              isDouble
              ? Float(data.loadUnaligned(fromByteOffset: size * index, as: Double.self))
              : data.loadUnaligned(fromByteOffset: size * index, as: Float.self)
            guard abs(value) <= 1 else {
              throw FileError(path, "number \(index) of the array is \(value); floats must lie in [-1, 1]")
            }
            target[index] = value
          }
        }
      })
  }

  /// What is probably wrong with pictures of floats: that they lie in [0, 1], where black is 0 and not -1.
  static func rangeWarning(_ samples: StoredSamples, path: String) -> String? {
    let format = samples.description.columns.first?.format
    guard format?.element == .float32, format?.kind == .pictures else { return nil }
    let (lowest, highest) = samples.samples.withUnsafeBytes { bytes in
      bytes.bindMemory(to: Float.self).reduce(into: (Float.infinity, -Float.infinity)) { range, value in
        range = (min(range.0, value), max(range.1, value))
      }
    }
    guard lowest >= 0, highest > lowest else { return nil }
    return
      "\(path): all values are in [0, 1], as if black were 0; for floats black is -1 and white is 1: save 2 x - 1, or "
      + "uint8 from 0 to 255"
  }
}
