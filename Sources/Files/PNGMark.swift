/// The text chunk by which swift-gan knows its own PNG files again: keyword `Software` (PNG specification, third edition,
/// 11.3.3), so that what a command wrote into a folder of pictures is never taken for data.
package enum PNGMark: String {
  /// One picture that a generator drew.
  case sample
  /// Many pictures or points side by side: a preview, a grid, a sheet of classes or of neighbours.
  case sheet

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  private static let program = "swift-gan "
  private static let chunk = Array("Software\0\(program)".utf8)

  /// What the chunk of a file with this mark says.
  package var software: String { "\(Self.program)\(packageVersion) \(rawValue)" }

  /// The mark of the PNG file whose bytes these are: looked for in the chunks before the pixels.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.starts(with: Self.signature) else { return nil }
    var offset = Self.signature.count
    while offset + 8 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
      let type = bytes[(offset + 4)..<(offset + 8)]
      let end = offset + 8 + length
      guard end <= bytes.count, !type.elementsEqual("IDAT".utf8) else { return nil }
      let text = bytes[(offset + 8)..<end]
      if type.elementsEqual("tEXt".utf8), text.starts(with: Self.chunk) {
        let kind = String(decoding: text, as: UTF8.self).split(separator: " ").last ?? ""
        self.init(rawValue: String(kind))
        return
      }
      offset = end + 4
    }
    return nil
  }

  /// The mark of the file at `path`; nil where there is none, or no file that can be read.
  package init?(path: String) {
    guard let file = try? MappedFile(path) else { return nil }
    guard let mark = file.withBytes({ PNGMark($0) }) else { return nil }
    self = mark
  }
}
