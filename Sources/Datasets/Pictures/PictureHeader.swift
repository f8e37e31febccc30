import Files

/// What a picture file says of itself before its pixels are decoded, so that nothing is allocated on a hostile file's
/// word.
package struct PictureHeader: Sendable {
  package enum Format: Sendable { case png, jpeg }

  /// The most pixels a picture may have: 2²⁸.
  package static let pixelLimit = 1 << 28

  package let format: Format
  /// Size in pixels as stored.
  package let width: Int
  package let height: Int
  /// Whether the file can hold grey only: grey by its colour type, or a palette of greys.
  package let isGrey: Bool
  package var orientation = Orientation.upright

  /// Width and height in pixels as shown.
  package var shownSize: (width: Int, height: Int) { orientation.swapsSides ? (height, width) : (width, height) }

  /// Reads the header of the PNG or JPEG file whose `bytes` these are.
  ///
  /// - Throws: ``FileError`` with `path` when it is neither, is damaged, has more than ``pixelLimit`` pixels, or more
  ///   than so few bytes can hold.
  package init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    if bytes.starts(with: pngSignature) {
      self = try readPNGHeader(bytes, path: path)
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = try readJPEGHeader(bytes, path: path)
    } else {
      throw FileError(path, bytes.isEmpty ? "the file is empty" : "this is neither a PNG nor a JPEG picture")
    }
  }

  init(
    format: Format, width: Int, height: Int, isGrey: Bool, orientation: Orientation = .upright,
    fitting plausible: Bool, path: String
  ) throws(FileError) {
    guard width > 0, height > 0 else { throw FileError(path, "the picture is \(width)x\(height) pixels large") }
    guard width <= Self.pixelLimit / height else {
      throw FileError(path, "\(width)x\(height) pixels are more than the \(Self.pixelLimit) a picture may have")
    }
    guard plausible else {
      throw FileError(path, "the header announces \(width)x\(height) pixels, which the file is too short to hold")
    }
    self.format = format
    self.width = width
    self.height = height
    self.isGrey = isGrey
    self.orientation = orientation
  }

  /// Checks that this is still the header of the file whose pixels are to be decoded.
  func check(format: Format, width: Int, height: Int, isGrey: Bool, path: String) throws(FileError) {
    guard (self.format, self.width, self.height, self.isGrey) == (format, width, height, isGrey) else {
      throw FileError(path, "the picture changed while it was read; it was \(self.width)x\(self.height) pixels large")
    }
  }
}
