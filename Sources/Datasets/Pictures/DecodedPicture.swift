import Files

/// A decoded picture: 8-bit sRGB, row by row from the top as it is stored, to be shown in `orientation`.
///
/// What is transparent is laid over black: a pixel is its colour times its opacity.
package struct DecodedPicture {
  /// Counts the times that pixels of the same file became others: caches of earlier ones are not used.
  static let decoding = 2

  package let width: Int
  package let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  package let channels: Int
  package let pixels: [UInt8]
  package var orientation = Orientation.upright

  /// Decodes a PNG or JPEG file's `bytes`.
  ///
  /// - Throws: ``FileError`` with `path` when they are no picture, damaged, truncated or too large.
  package init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    try self.init(PictureHeader(bytes, path: path), bytes: bytes, path: path)
  }

  /// Decodes a PNG or JPEG file's `bytes`, whose header was read and checked before.
  ///
  /// - Throws: ``FileError`` with `path` when they are damaged or truncated, or are another picture's than the header.
  package init(_ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    guard PictureHeader.format(of: bytes) == header.format else { throw header.changed(path) }
    switch header.format {
    case .png: self = try decodePNG(header, bytes: bytes, path: path)
    case .jpeg: self = try decodeJPEG(header, bytes: bytes, path: path)
    }
  }

  init(width: Int, height: Int, channels: Int, pixels: [UInt8], orientation: Orientation = .upright) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
    self.orientation = orientation
  }

  /// Writes the picture, upright, resized to cover `width` x `height` and cropped around its centre, to `row`,
  /// `[H, W, channels]`.
  package func fit(width: Int, height: Int, channels: Int, into row: UnsafeMutableRawBufferPointer) {
    let row = row.bindMemory(to: UInt8.self)
    let source = channels == 1 && self.channels == 3 ? luma(pixels) : pixels
    let stored = min(channels, self.channels)
    source.withUnsafeBufferPointer { source in
      let view = PixelView(
        pixels: source, channels: stored, width: self.width, height: self.height, orientation: orientation)
      if channels == stored {
        view.resample(width: width, height: height, into: row)
      } else {
        let grey = UnsafeMutableBufferPointer(rebasing: row[..<(width * height)])
        view.resample(width: width, height: height, into: grey)
        // From the last pixel on, so that none is overwritten before it was read.
        for pixel in stride(from: width * height - 1, through: 0, by: -1) {
          let value = grey[pixel]
          for channel in 0..<3 { row[3 * pixel + channel] = value }
        }
      }
    }
  }
}

/// Grey values of RGB `pixels` by ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B, rounded.
func luma(_ pixels: [UInt8]) -> [UInt8] {
  let count = pixels.count / 3
  return [UInt8](unsafeUninitializedCapacity: count) { grey, written in
    pixels.withUnsafeBufferPointer { pixels in
      for index in 0..<count {
        let (r, g, b) = (UInt32(pixels[3 * index]), UInt32(pixels[3 * index + 1]), UInt32(pixels[3 * index + 2]))
        grey[index] = UInt8((19595 * r + 38470 * g + 7471 * b + 32768) >> 16)
      }
    }
    written = count
  }
}
