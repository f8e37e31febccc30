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
    switch Self.format(of: bytes) {
    case .png: self = try readPNGHeader(bytes, path: path)
    case .jpeg: self = try readJPEGHeader(bytes, path: path)
    case nil:
      throw FileError(path, bytes.isEmpty ? "the file is empty" : "this is neither a PNG nor a JPEG picture")
    }
  }

  /// What the values of the file whose `bytes` these are mean as colours, as far as it says so.
  func profile(in bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> ColorProfile? {
    switch format {
    case .png: readPNGProfile(bytes)
    case .jpeg: try readJPEGProfile(bytes, path: path)
    }
  }

  /// What the first bytes of a file say that it is.
  static func format(of bytes: UnsafeRawBufferPointer) -> Format? {
    if bytes.starts(with: pngSignature) { return .png }
    return bytes.starts(with: [0xff, 0xd8, 0xff]) ? .jpeg : nil
  }

  init(
    format: Format, width: Int, height: Int, isGrey: Bool, orientation: Orientation = .upright,
    fitting plausible: Bool, path: String
  ) throws(FileError) {
    guard width > 0, height > 0 else { throw FileError(path, "the picture has \(width)x\(height) pixels") }
    guard width <= Self.pixelLimit / height else {
      throw FileError(path, "\(width)x\(height) pixels exceed the limit of \(Self.pixelLimit)")
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

  /// Checks that the picture whose pixels are to be decoded is the one whose header this is.
  func check(width: Int, height: Int, isGrey: Bool, path: String) throws(FileError) {
    guard (self.width, self.height, self.isGrey) == (width, height, isGrey) else { throw changed(path) }
  }

  func changed(_ path: String) -> FileError {
    FileError(path, "the picture changed while it was read; it had \(width)x\(height) pixels")
  }
}
