import Foundation
import Pictures
import Testing

/// Files of other programs, with all that they store.
struct StoredPictureFileTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: TemporaryFolder.fixture(name))))
  }

  @Test func `opacity stands beside the colour that it is not multiplied into`() throws {
    let picture = try StoredPicture(contentsOf: TemporaryFolder.fixture("Pictures/rgba.png"))
    let colours = try StoredPicture(contentsOf: TemporaryFolder.fixture("Pictures/rgb.png"))
    guard case .bytes(let values) = picture.values, case .bytes(let opaque) = colours.values else {
      Issue.record("8 bits are stored")
      return
    }
    #expect(picture.hasColor && picture.hasOpacity && !colours.hasOpacity)
    #expect(values.indices.filter { $0 % 4 != 3 }.map { values[$0] } == opaque)
    // make_pictures.py lets opacity rise from left to right.
    #expect(values[3] == 0 && values[4 * 24 - 1] == 255)
  }

  @Test(arguments: [
    ("Cases/interlaced-16-grey.png", false, false), ("Cases/interlaced-16-rgba.png", true, true),
    ("Cases/transparent-16-rgb.png", true, true),
  ])
  func `16 bits stay 16 bits`(name: String, hasColor: Bool, hasOpacity: Bool) throws {
    let picture = try StoredPicture(contentsOf: TemporaryFolder.fixture(name))
    guard case .words(let words) = picture.values else {
      Issue.record("\(name) has 16 bits")
      return
    }
    #expect((picture.hasColor, picture.hasOpacity) == (hasColor, hasOpacity))
    // Both bytes of a value matter.
    #expect(Set(words.map { $0 >> 8 }).count > 1 && words.contains { $0 >> 8 != $0 & 0xff })
  }

  @Test func `a palette of greys is grey, with opacity if it has any`() throws {
    let grey = try StoredPicture(contentsOf: TemporaryFolder.fixture("Pictures/palette-grey.png"))
    #expect(!grey.hasColor && !grey.hasOpacity && grey.values.count == grey.width * grey.height)
    let transparent = try StoredPicture(contentsOf: TemporaryFolder.fixture("Cases/transparent-palette.png"))
    #expect(transparent.hasOpacity)
  }

  @Test(arguments: 1...8) func `a photo is turned upright`(orientation: Int) throws {
    let path = TemporaryFolder.fixture("Pictures/exif\(orientation).jpg")
    let (stored, shown) = (try StoredPicture(contentsOf: path), try Picture(contentsOf: path))
    #expect(stored.values == .bytes(shown.pixels) && stored.width == shown.width)
  }

  /// The parts of a profile as `APP2` segments (ICC.1:2022, B.4), in any order, behind the start of a JPEG file.
  private func jpeg(_ parts: [(number: Int, of: Int, bytes: ArraySlice<UInt8>)]) throws -> [UInt8] {
    var file = try bytes("Pictures/exif6.jpg")
    let segments = parts.flatMap { part -> [UInt8] in
      let body = Array("ICC_PROFILE\0".utf8) + [UInt8(part.number), UInt8(part.of)] + part.bytes
      return [0xff, 0xe2, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xff)] + body
    }
    file.insert(contentsOf: segments, at: 2)
    return file
  }

  @Test func `the profile of a JPEG is put together from its segments`() throws {
    let profile = (0..<900).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var whole = profile
    whole.replaceSubrange(16..<20, with: "RGB ".utf8)
    let (first, second) = (whole[..<400], whole[400...])
    let file = try jpeg([(2, 2, second), (1, 2, first)])
    let picture = try file.withUnsafeBytes { try StoredPicture($0, path: "a.jpg") }
    #expect(picture.profile?.bytes == whole)
    // The orientation's segment is found behind them.
    #expect(picture.width < picture.height)
    let incomplete = try jpeg([(2, 2, second)])
    #expect(try incomplete.withUnsafeBytes { try StoredPicture($0, path: "a.jpg") }.profile == nil)
  }
}
