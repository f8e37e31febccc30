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

  /// What is transparent is laid over white, the colour of the report's page.
  private init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    var header = cpng_header()
    var message = [CChar](repeating: 0, count: Int(cpng_message_size))
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    guard let reader = cpng_open(start, bytes.count, &header, &message) else {
      throw FileError(path, pngMessage(message) ?? "this is no readable PNG")
    }
    defer { cpng_close(reader) }
    let (width, height, stored) = (Int(header.width), Int(header.height), Int(header.channels))
    guard width * height <= Self.pixelLimit else {
      throw FileError(path, "the picture claims \(width)x\(height) pixels; at most \(Self.pixelLimit) are read")
    }
    let count = width * height * stored
    var pixels = [UInt8](repeating: 0, count: count)
    guard cpng_read(reader, &pixels, count, &message) else {
      throw FileError(path, pngMessage(message) ?? "the picture is damaged")
    }
    let channels = stored < 3 ? 1 : 3
    if stored > channels {
      for index in 0..<width * height {
        let opacity = Int(pixels[index * stored + channels])
        for channel in 0..<channels {
          let value = Int(pixels[index * stored + channel]) * opacity + 255 * (255 - opacity)
          pixels[index * channels + channel] = UInt8((value + 127) / 255)
        }
      }
      pixels.removeLast(width * height)
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
