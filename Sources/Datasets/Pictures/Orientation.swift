/// How the stored rows of a picture are to be shown (Exif 2.3, tag 0x0112).
enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored, upsideDown, upsideDownMirrored
  /// The last four swap rows and columns.
  case transposed, turnedRight, transverse, turnedLeft

  var swapsSides: Bool { rawValue >= 5 }

  /// Whether showing it runs through the stored columns from the right.
  var reversesColumns: Bool { [.mirrored, .upsideDown, .transverse, .turnedLeft].contains(self) }

  /// Whether showing it runs through the stored rows from the bottom.
  var reversesRows: Bool { [.upsideDown, .upsideDownMirrored, .turnedRight, .transverse].contains(self) }

  /// Reads the tag from an Exif segment (a TIFF file after "Exif" and two zeros); nil when there is none.
  init?(exif: UnsafeRawBufferPointer) {
    guard exif.count >= 14, exif.prefix(6).elementsEqual(Array("Exif\0\0".utf8)) else { return nil }
    let tiff = UnsafeRawBufferPointer(rebasing: exif[6...])
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
      if tag == 0x0112, let value = number(offset + 8, bytes: 2) {
        self.init(rawValue: value)
        return
      }
    }
    return nil
  }
}
