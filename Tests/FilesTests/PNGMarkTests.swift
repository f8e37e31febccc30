import Files
import Testing

/// The mark by which PNG files of swift-gan are known.
struct PNGMarkTests {
  /// A header, an empty chunk of text, pixels that are none, the end.
  private let plain: [UInt8] =
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
    + [UInt8](repeating: 1, count: 17)
    + [0, 0, 0, 5] + Array("tEXtHello1234".utf8) + [0, 0, 0, 2] + Array("IDAT".utf8) + [1, 2, 3, 4, 5, 6]

  /// A picture whose chunk "Software" says `text`; nobody checks its checksum.
  private func plain(of text: String) -> [UInt8] {
    let body = Array("tEXtSoftware\0\(text)".utf8)
    var bytes = plain
    bytes.insert(contentsOf: [0, 0, 0, UInt8(body.count - 4)] + body + [0, 0, 0, 0], at: 33)
    return bytes
  }

  private func mark(_ bytes: [UInt8]) -> PNGMark? { bytes.withUnsafeBytes { PNGMark($0) } }

  @Test(arguments: [PNGMark.sample, .sheet]) func aMarkIsFoundAgain(mark: PNGMark) {
    #expect(self.mark(plain(of: mark.software)) == mark)
  }

  @Test func otherFilesHaveNone() {
    #expect(mark(plain) == nil)
    #expect(mark([]) == nil)
    #expect(mark(Array("no picture at all, but as long as one".utf8)) == nil)
    // Behind the pixels, and of another program.
    let text = Array("tEXtSoftware\0swift-gan 1 sheet1234".utf8)
    #expect(mark(plain + [0, 0, 0, UInt8(text.count - 8)] + text) == nil)
    #expect(mark(plain(of: "quick-gan 1 sheet")) == nil)
    #expect(mark(plain(of: "swift-gan 1 photograph")) == nil)
  }

  @Test func aFileThatIsCutShortIsReadToItsEndAndNoFurther() {
    let marked = plain(of: PNGMark.sheet.software)
    for count in 0..<marked.count - 20 { _ = mark(Array(marked.prefix(count))) }
    #expect(mark(Array(marked.prefix(60))) == nil)
  }
}
