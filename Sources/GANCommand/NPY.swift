import Files
import Foundation
import GAN

/// Writes arrays as NumPy reads them (`numpy.lib.format`, version 1.0).
enum NPY {
  /// Writes `elements` in row-major order.
  static func write<Element: TensorElement>(_ elements: [Element], shape: [Int], to path: String) throws {
    let kinds: [DType: String] = [.uint8: "|u1", .int32: "<i4", .int64: "<i8", .float32: "<f4", .float64: "<f8"]
    guard let kind = kinds[Element.dtype] else {
      throw FileError(path, "\(Element.dtype) has no place in an .npy file")
    }
    let sizes = shape.map { "\($0), " }.joined()
    var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The data begin at a multiple of 64 bytes; magic, version and length take 10 and the line end 1.
    header += String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
    let count = UInt16(header.utf8.count)
    try AtomicFile.write(to: path) { writer in
      let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(header.utf8)
      try start.withUnsafeBytes { try writer.write($0) }
      try elements.withUnsafeBytes { try writer.write($0) }
    }
  }
}
