import Files

/// Grey under what is transparent in a picture.
package enum Background: UInt8, Sendable {
  /// Data sets: a pixel is its colour times its opacity.
  case black = 0
  /// Pages.
  case white = 255
}

extension Picture {
  /// The version of the decoder: caches of earlier versions, which gave other pixels, are not used.
  package static let decoding = 2

  /// Decodes a PNG or JPEG file: 8 bits, upright, grey where the file can hold grey only.
  ///
  /// - Throws: `FileError` when it is missing, no picture, damaged, truncated or too large.
  public init(contentsOf path: String) throws(FileError) { try self.init(contentsOf: path, over: .black) }

  /// Decodes a PNG or JPEG file, what is transparent being laid over `background`.
  package init(contentsOf path: String, over background: Background) throws(FileError) {
    // Read rather than mapped: the picture may be overwritten in the meantime.
    let file = try FileSystem.contents(of: path)
    let decoded = file.withUnsafeBytes { bytes in
      Result { () throws(FileError) in
        try Picture(PictureHeader(bytes, path: path), bytes: bytes, over: background, path: path)
      }
    }
    self = try decoded.get()
  }

  /// Decodes a PNG or JPEG file's `bytes`, whose header was read and checked before.
  ///
  /// - Throws: ``FileError`` with `path` when they are damaged or truncated, or are another picture's than the header.
  package init(
    _ header: PictureHeader, bytes: UnsafeRawBufferPointer, over background: Background = .black, path: String
  ) throws(FileError) {
    self.init(try StoredPicture(header, bytes: bytes, path: path), over: background)
  }

  /// The same picture in grey (1 channel) or colour (3).
  package func converted(toChannels channels: Int) -> Picture {
    guard channels != self.channels else { return self }
    let converted =
      channels == 1
      ? luma(pixels)
      : [UInt8](unsafeUninitializedCapacity: 3 * pixels.count) { rgb, count in
        for (index, value) in pixels.enumerated() {
          (rgb[3 * index], rgb[3 * index + 1], rgb[3 * index + 2]) = (value, value, value)
        }
        count = 3 * pixels.count
      }
    return Picture(checkedWidth: width, height: height, channels: channels, pixels: converted)
  }

  /// Writes the picture, resized to cover `width` x `height` and cropped around its centre, to `row`, `[H, W, channels]`.
  ///
  /// The filter is Lanczos of three lobes, widened when the picture shrinks so that it does not alias: what Pillow's
  /// `ImageOps.fit(picture, (width, height), Image.LANCZOS)` does, to one grey level.
  package func fit(width: Int, height: Int, channels: Int, into row: UnsafeMutableRawBufferPointer) {
    // Colour becomes grey before it is resized, and grey colour afterwards.
    let source = channels == 1 ? converted(toChannels: 1) : self
    let row = row.bindMemory(to: UInt8.self)
    source.pixels.withUnsafeBufferPointer { pixels in
      let view = PixelView(
        pixels: pixels, channels: source.channels, width: self.width, height: self.height)
      if channels == source.channels {
        view.fit(width: width, height: height, into: row)
      } else {
        let grey = UnsafeMutableBufferPointer(rebasing: row[..<(width * height)])
        view.fit(width: width, height: height, into: grey)
        // From the last pixel on, so that none is overwritten before it was read.
        for pixel in stride(from: width * height - 1, through: 0, by: -1) {
          let value = grey[pixel]
          for channel in 0..<3 { row[3 * pixel + channel] = value }
        }
      }
    }
  }

  /// Writes a part of the picture, stretched to `width` x `height` by the cubic filter, to `row`, `[H, W, C]`: no pixel
  /// outside the part has a say.
  package func stretch(_ part: PixelArea, width: Int, height: Int, into row: UnsafeMutableRawBufferPointer) {
    let row = row.bindMemory(to: UInt8.self)
    pixels.withUnsafeBufferPointer { pixels in
      PixelView(pixels: pixels, channels: channels, width: self.width, height: self.height)
        .part(part).stretch(toWidth: width, height: height, into: row)
    }
  }

  /// The picture made smaller by the least whole factor that brings both sides to at most `side` pixels, each pixel
  /// being the mean of those that it replaces; rows and columns that fill no whole pixel are cut off.
  package func reduced(toSide side: Int) -> Picture {
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
