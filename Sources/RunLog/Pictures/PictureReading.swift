import CPNG
import Files

extension Picture {
  /// More pixels than any picture of ours has; what claims more is not decoded.
  private static let pixelLimit = 64_000_000

  /// Decodes a PNG file, grey as grey and all else as colour.
  ///
  /// - Throws: `FileError` when it is missing, no PNG, damaged or too large.
  package init(contentsOf path: String) throws(FileError) {
    self = try MappedFile(path).withBytes { (bytes) throws(FileError) in try Picture(decoding: bytes, path: path) }
  }

  private init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw FileError(path, "this is no readable PNG: \(PNGFormat.message(of: image))")
    }
    let (width, height) = (Int(image.width), Int(image.height))
    guard width * height <= Self.pixelLimit else {
      png_image_free(&image)
      throw FileError(path, "the picture claims \(width)x\(height) pixels; at most \(Self.pixelLimit) are read")
    }
    let channels = image.format & PNGFormat.color == 0 ? 1 : 3
    image.format = channels == 1 ? PNGFormat.grey : PNGFormat.color
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    var background = png_color(red: 255, green: 255, blue: 255)
    guard png_image_finish_read(&image, &background, &pixels, 0, nil) != 0 else {
      throw FileError(path, "the picture is damaged: \(PNGFormat.message(of: image))")
    }
    self.init(checkedWidth: width, height: height, channels: channels, pixels: pixels)
  }

  /// The picture made smaller by the least whole factor that brings both sides to at most `side` pixels, each pixel
  /// being the mean of those that it replaces; rows and columns that fill no whole pixel are cut off.
  func reduced(toSide side: Int) -> Picture {
    let factor = (max(width, height) + side - 1) / side
    let (newWidth, newHeight) = (width / factor, height / factor)
    guard factor > 1, newWidth > 0, newHeight > 0 else { return self }
    var result = [UInt8](repeating: 0, count: newWidth * newHeight * channels)
    pixels.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        var sums = [Int](repeating: 0, count: newWidth * channels)
        for row in 0..<newHeight {
          for index in sums.indices { sums[index] = factor * factor / 2 }
          for line in row * factor..<(row + 1) * factor {
            var place = line * width * channels
            for column in 0..<newWidth {
              for _ in 0..<factor {
                for channel in 0..<channels { sums[column * channels + channel] += Int(source[place + channel]) }
                place += channels
              }
            }
          }
          for (index, sum) in sums.enumerated() { target[row * sums.count + index] = UInt8(sum / (factor * factor)) }
        }
      }
    }
    return Picture(checkedWidth: newWidth, height: newHeight, channels: channels, pixels: result)
  }
}
