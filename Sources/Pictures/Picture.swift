import Files

/// A picture of bytes `[H, W, C]`, row by row from the top, C being 1 (grey) or 3 (red, green, blue; sRGB).
public struct Picture: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// `height * width * channels` bytes.
  public let pixels: [UInt8]

  /// A picture of given bytes.
  ///
  /// - Throws: ``PictureError`` when the sizes do not fit the number of bytes.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws(PictureError) {
    try PictureError.check([height, width, channels], channels: channels, byteCount: pixels.count)
    self.init(checkedWidth: width, height: height, channels: channels, pixels: pixels)
  }

  package init(checkedWidth width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The picture as the bytes of a PNG file, which say that swift-gan wrote them.
  ///
  /// - Throws: ``PictureError`` with libpng's own sentence, as for sides above a million pixels.
  public func png() throws(PictureError) -> [UInt8] { try png(.sheet) }

  /// The picture as the bytes of a PNG file with this mark.
  package func png(_ mark: PNGMark) throws(PictureError) -> [UInt8] { try StoredPicture(self).png(mark) }

  /// Writes the picture to a PNG file, which appears whole or not at all.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws { try write(to: path, as: .sheet) }

  /// Writes the picture to a PNG file with this mark, which appears whole or not at all.
  package func write(to path: String, as mark: PNGMark) throws {
    try AtomicFile.write(png(mark), to: path)
  }
}

/// What is wrong with the bytes of a picture.
public struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence without its full stop.
  public let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Checks that `shape`, whose last size is `channels`, has as many bytes as there are.
  static func check(_ shape: [Int], channels: Int, byteCount: Int) throws(PictureError) {
    guard channels == 1 || channels == 3 else {
      throw PictureError("pictures of shape \(shape) have \(channels) channels; 1 (grey) or 3 (colour) can be drawn")
    }
    try check(shape, holds: byteCount, of: "bytes")
  }

  /// Checks that there are as many `items` as `shape` has.
  static func check(_ shape: [Int], holds given: Int, of items: String) throws(PictureError) {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { throw PictureError("there is no picture of shape \(shape)") }
      count = product
    }
    guard count == given else {
      throw PictureError("pictures of shape \(shape) have \(count) \(items), but \(given) were given")
    }
  }
}
