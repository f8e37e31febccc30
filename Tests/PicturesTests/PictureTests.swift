import Files
import Foundation
import Pictures
import Testing

@Suite struct PictureTests {
  @Test(arguments: [1, 3], [(1, 1), (5, 3), (31, 64)])
  func pngKeepsEveryByte(channels: Int, size: (Int, Int)) throws {
    try withTemporaryFolder { folder in
      let (width, height) = size
      let pixels = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
      let picture = try Picture(width: width, height: height, channels: channels, pixels: pixels)
      try picture.write(to: folder + "/a.png")
      #expect(try Picture(contentsOf: folder + "/a.png") == picture)
    }
  }

  @Test(arguments: [PNGMark.sample, .sheet]) func aFileSaysThatSwiftGANWroteIt(mark: PNGMark) throws {
    let picture = try Picture(width: 2, height: 1, channels: 1, pixels: [0, 255])
    #expect(try picture.png(mark).withUnsafeBytes { PNGMark($0) } == mark)
  }

  @Test func sizesThatDoNotFitAreRefused() {
    let cases: [(Int, Int, Int, Int, String)] = [
      (2, 2, 1, 5, "have 4 bytes, but 5 were given"), (2, 2, 2, 8, "have 2 channels"), (0, 2, 1, 0, "no picture"),
      (Int.max, 2, 3, 6, "no picture"), (-1, -4, 1, 4, "no picture"),
    ]
    for (width, height, channels, count, words) in cases {
      let error = #expect(throws: PictureError.self) {
        try Picture(width: width, height: height, channels: channels, pixels: [UInt8](repeating: 0, count: count))
      }
      #expect(error?.description.contains(words) == true)
    }
  }

  @Test func damagedFilesAreErrorsWithTheirPath() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.png"
      let png = try Picture(width: 40, height: 40, channels: 1, pixels: (0..<1600).map { UInt8($0 % 251) }).png()
      var huge = png
      huge.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
      for bytes in [Array(png.prefix(10)), Array(png.prefix(png.count / 2)), Array("no picture".utf8), [], huge] {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: FileError.self) { try Picture(contentsOf: path) }
        #expect(error?.path == path)
      }
    }
  }

  @Test func aPictureOfABatch() throws {
    let batch = try PictureBatch(count: 2, height: 1, width: 2, channels: 3, pixels: Array(0..<12))
    #expect(batch[1].pixels == Array(6..<12))
    #expect((batch[1].width, batch[1].height, batch[1].channels) == (2, 1, 3))
  }
}
