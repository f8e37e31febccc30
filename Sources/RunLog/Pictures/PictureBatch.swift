/// Pictures of one size: bytes `[N, H, W, C]`, C being 1 or 3, as a generator's images become when they are shown.
public struct PictureBatch: Sendable, Equatable {
  /// The number of pictures.
  public let count: Int
  /// Rows of each.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// `count * height * width * channels` bytes.
  public let pixels: [UInt8]

  /// A batch of given bytes.
  ///
  /// - Throws: ``PictureError`` when the sizes do not fit the number of bytes.
  public init(count: Int, height: Int, width: Int, channels: Int, pixels: [UInt8]) throws(PictureError) {
    try PictureError.check([count, height, width, channels], channels: channels, byteCount: pixels.count)
    self.count = count
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// The picture at `index`, from 0.
  public subscript(index: Int) -> Picture {
    let size = height * width * channels
    return Picture(
      checkedWidth: width, height: height, channels: channels, pixels: Array(pixels[index * size..<(index + 1) * size]))
  }
}
