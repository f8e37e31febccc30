import Files
import Foundation
import Pictures
import Testing

/// Pictures with all that files store.
@Suite struct StoredPictureTests {
  typealias Values = StoredPicture.Values

  private func values(_ count: Int, depth: Int) -> Values {
    let numbers = (0..<count).map { $0 &* 2_654_435_761 >> 7 }
    return depth == 16
      ? .words(numbers.map { UInt16(truncatingIfNeeded: $0) }) : .bytes(numbers.map { UInt8(truncatingIfNeeded: $0) })
  }

  private func picture(
    _ width: Int = 3, _ height: Int = 2, hasColor: Bool = true, hasOpacity: Bool = false, depth: Int = 8,
    profile: ColorProfile? = nil
  ) throws -> StoredPicture {
    let channels = (hasColor ? 3 : 1) + (hasOpacity ? 1 : 0)
    return try StoredPicture(
      width: width, height: height, hasColor: hasColor, hasOpacity: hasOpacity,
      values: values(width * height * channels, depth: depth), profile: profile)
  }

  /// A profile of `count` bytes: the header that ICC.1 asks for, no tags, and what nothing reads. libpng takes chunks of less
  /// than 132 bytes for too short.
  private func profile(_ space: String = "RGB ", count: Int = 1024) throws -> ColorProfile {
    var bytes = [UInt8](repeating: 0, count: count)
    for place in 132..<1024 { bytes[place] = UInt8(truncatingIfNeeded: place &* 2_654_435_761 >> 11) }
    func set(_ place: Int, _ new: [UInt8]) { bytes.replaceSubrange(place..<(place + new.count), with: new) }
    set(0, (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) })
    set(8, [2, 0x40])
    set(12, Array(("mntr" + space + "XYZ ").utf8))
    set(36, Array("acsp".utf8))
    // The white of the connection space, D50.
    set(68, [0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d])
    return try #require(ColorProfile(bytes))
  }

  private func decoded(_ bytes: [UInt8]) throws -> StoredPicture {
    try bytes.withUnsafeBytes { try StoredPicture($0, path: "a.png") }
  }

  private func chunks(_ png: [UInt8]) -> [String] {
    var (names, offset): ([String], Int) = ([], 8)
    while offset + 8 <= png.count {
      let length = png[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
      names.append(String(decoding: png[(offset + 4)..<(offset + 8)], as: UTF8.self))
      offset += 12 + length
    }
    return names
  }

  @Test(arguments: [8, 16], [(false, false), (false, true), (true, false), (true, true)])
  func pngKeepsAllThatIsStored(depth: Int, kind: (hasColor: Bool, hasOpacity: Bool)) throws {
    try withTemporaryFolder { folder in
      let profile = try profile(kind.hasColor ? "RGB " : "GRAY")
      for (width, height) in [(1, 1), (31, 64)] {
        let picture = try picture(
          width, height, hasColor: kind.hasColor, hasOpacity: kind.hasOpacity, depth: depth, profile: profile)
        try picture.write(to: folder + "/a.png")
        let read = try StoredPicture(contentsOf: folder + "/a.png")
        #expect(read == picture)
        #expect(read.profile == profile && read.values.depth == depth)
      }
    }
  }

  @Test func coloursAreThoseOfTheProfileOrSRGB() throws {
    let names = try chunks(picture().png())
    #expect(names.contains("sRGB") && !names.contains("iCCP"))
    let others = try chunks(picture(profile: profile()).png())
    #expect(others.contains("iCCP") && !others.contains("sRGB"))
  }

  @Test func aProfileOfOtherColoursIsLeftOut() throws {
    #expect(try picture(profile: profile("GRAY")).profile == nil)
    #expect(try picture(profile: profile("CMYK")).profile == nil)
    #expect(try picture(hasColor: false, profile: profile()).profile == nil)
    #expect(ColorProfile([1, 2, 3]) == nil)
  }

  @Test func aProfileWithMistakesIsLeftOutOfTheFile() throws {
    var bytes = try profile().bytes
    bytes[36] = 0
    let png = try picture(profile: ColorProfile(bytes)).png()
    #expect(!chunks(png).contains("iCCP"))
    #expect(try decoded(png) == picture())
  }

  @Test func aProfileThatUnpacksToTooMuchIsLeftOut() throws {
    let (large, larger) = (try profile(count: 1 << 24), try profile(count: 1 << 24 + 4))
    let png = try picture(profile: large).png()
    #expect(png.count < 100_000)
    #expect(try decoded(png).profile == large)
    let bomb = try picture(profile: larger).png()
    #expect(chunks(bomb).contains("iCCP"))
    #expect(try decoded(bomb) == picture())
  }

  @Test func sixteenBitsAreShownAsTheNearestOfEight() throws {
    try withTemporaryFolder { folder in
      let words: [UInt16] = [0, 128, 129, 257, 32_767, 65_406, 65_407, 65_535]
      let picture = try StoredPicture(
        width: 8, height: 1, hasColor: false, hasOpacity: false, values: .words(words))
      try picture.write(to: folder + "/a.png")
      let nearest = words.map { UInt8((Double($0) / 257).rounded()) }
      #expect(try Picture(contentsOf: folder + "/a.png").pixels == nearest)
    }
  }

  /// Each byte in turn is another, with its checksum as it was, or the last of the file.
  @Test func noByteThatIsWrongOrMissingBringsTheProcessDown() throws {
    let sound = try picture(hasOpacity: true, depth: 16, profile: profile()).png()
    var outcomes: Set<String> = []
    for place in sound.indices {
      var changed = sound
      changed[place] ^= 0xff
      for bytes in [Array(sound[..<place]), changed] {
        do {
          outcomes.insert(try decoded(bytes).profile == nil ? "without profile" : "whole")
        } catch let error as FileError {
          #expect(error.path == "a.png" && !error.reason.isEmpty)
          outcomes.insert("refused")
        }
      }
    }
    #expect(outcomes == ["without profile", "whole", "refused"])
  }

  @Test func sizesThatDoNotFitAreRefused() {
    for (width, height, hasOpacity) in [(2, 2, false), (0, 2, true), (Int.max, 2, false)] {
      #expect(throws: PictureError.self) {
        try StoredPicture(
          width: width, height: height, hasColor: true, hasOpacity: hasOpacity, values: values(16, depth: 16))
      }
    }
  }
}
