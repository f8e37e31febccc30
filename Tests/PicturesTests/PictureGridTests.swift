import Pictures
import Testing

@Suite struct PictureGridTests {
  /// A batch in which every picture has one shade, which is its index in every channel.
  private func batch(_ count: Int, height: Int, width: Int, channels: Int = 1) throws -> PictureBatch {
    let size = height * width * channels
    let pixels = (0..<count).flatMap { [UInt8](repeating: UInt8($0), count: size) }
    return try PictureBatch(count: count, height: height, width: width, channels: channels, pixels: pixels)
  }

  @Test(
    arguments: [
      (64, 28, 28, 8, 8), (10, 28, 28, 4, 3), (1, 5, 5, 1, 1), (12, 10, 10, 4, 3), (8, 10, 20, 2, 4), (8, 20, 10, 4, 2),
      (2, 8, 8, 2, 1),
    ])
  func theGridIsNearlySquare(count: Int, height: Int, width: Int, columns: Int, rows: Int) throws {
    let picture = PictureGrid.picture(of: try batch(count, height: height, width: width), side: 1)
    #expect(picture.width == columns * (width + 2) + 2)
    #expect(picture.height == rows * (height + 2) + 2)
  }

  @Test func smallPicturesAreEnlargedByAWholeFactor() throws {
    let picture = PictureGrid.picture(of: try batch(64, height: 28, width: 28))
    #expect((picture.width, picture.height) == (8 * (28 * 3 + 2) + 2, 8 * (28 * 3 + 2) + 2))
    #expect(PictureGrid.picture(of: try batch(4, height: 600, width: 600)).width == 2 * 602 + 2)
  }

  @Test(arguments: [1, 3])
  func everyPixelIsWhereItBelongs(channels: Int) throws {
    // Three pictures of one row with two pixels, doubled, in rows of two.
    let pixels = (0..<3 * 2 * channels).map { UInt8(100 + $0) }
    let batch = try PictureBatch(count: 3, height: 1, width: 2, channels: channels, pixels: pixels)
    let picture = PictureGrid.picture(of: batch, columns: 2, side: 14)
    #expect((picture.width, picture.height) == (14, 10))
    for y in 0..<10 {
      for x in 0..<14 {
        let (column, row) = ((x - 2) / 6, (y - 2) / 4)
        let isInside = x >= 2 && y >= 2 && (x - 2) % 6 < 4 && (y - 2) % 4 < 2 && row * 2 + column < 3
        for channel in 0..<channels {
          let shade =
            isInside ? pixels[((row * 2 + column) * 2 + (x - 2) % 6 / 2) * channels + channel] : 64
          #expect(picture.pixels[(y * 14 + x) * channels + channel] == shade, "x \(x), y \(y)")
        }
      }
    }
  }

  @Test func columnsAreWithinReason() throws {
    let four = try batch(4, height: 3, width: 3)
    #expect(PictureGrid.picture(of: four, columns: 100, side: 1).width == 4 * 5 + 2)
    #expect(PictureGrid.picture(of: four, columns: 0, side: 1).width == 5 + 2)
  }
}
