/// How the stored rows of a picture are to be shown (Exif 2.3, tag 0x0112).
package enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored, upsideDown, upsideDownMirrored
  /// The last four swap rows and columns.
  case transposed, turnedRight, transverse, turnedLeft

  var swapsSides: Bool { rawValue >= 5 }

  /// Whether showing it runs through the stored columns from the right.
  var reversesColumns: Bool { [.mirrored, .upsideDown, .transverse, .turnedLeft].contains(self) }

  /// Whether showing it runs through the stored rows from the bottom.
  var reversesRows: Bool { [.upsideDown, .upsideDownMirrored, .turnedRight, .transverse].contains(self) }

  /// What Exif data begin with in a JPEG segment; in a PNG chunk they need not.
  static let exifPrefix = Array("Exif\0\0".utf8)

  /// Reads the tag from the first directory of Exif data, a TIFF file in either byte order; nil when there is none, or the
  /// data are malformed. The tag should be a SHORT; integers of other sizes are taken too.
  init?(exif: UnsafeRawBufferPointer) {
    let hasPrefix = exif.starts(with: Self.exifPrefix)
    let tiff = UnsafeRawBufferPointer(rebasing: exif.dropFirst(hasPrefix ? Self.exifPrefix.count : 0))
    guard tiff.count >= 8 else { return nil }
    let little = tiff[0] == UInt8(ascii: "I")
    guard tiff[0] == tiff[1], little || tiff[0] == UInt8(ascii: "M") else { return nil }
    func number(_ offset: Int, bytes: Int) -> Int? {
      guard offset >= 0, offset + bytes <= tiff.count else { return nil }
      return (0..<bytes).reduce(0) { $0 << 8 | Int(tiff[offset + (little ? bytes - 1 - $1 : $1)]) }
    }
    guard number(2, bytes: 2) == 42, let directory = number(4, bytes: 4), let entries = number(directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = number(offset, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let type = number(offset + 2, bytes: 2), let size = Self.integerSizes[type],
        let count = number(offset + 4, bytes: 4), count > 0, count * size <= 4,
        let value = number(offset + 8, bytes: size)
      else { return nil }
      self.init(rawValue: value)
      return
    }
    return nil
  }

  /// Bytes of the TIFF types BYTE, SHORT, LONG, SBYTE, SSHORT and SLONG (TIFF 6.0, section 2).
  private static let integerSizes = [1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4]
}
