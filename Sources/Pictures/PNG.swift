import CPNG
import CZlib
import Files

package let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/// Reads size, colour and the orientation of an eXIf chunk.
func readPNGHeader(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> PictureHeader {
  let header = try PNGDecoder(bytes, path: path).header
  // A row is a byte for its filter and its pixels. Deflate shrinks at most 1,032 times (RFC 1951: 258 bytes from 2 bits).
  let row = 1 + Int(header.width) * Int(header.bits_per_pixel) / 8
  let rows = Int(header.height).multipliedReportingOverflow(by: row)
  return try PictureHeader(
    format: .png, width: Int(header.width), height: Int(header.height), isGrey: header.is_grey,
    orientation: pngOrientation(bytes) ?? .upright,
    fitting: !rows.overflow && rows.partialValue / 1032 <= bytes.count, path: path)
}

/// Decodes the rows of any PNG to grey or RGB: values as stored, whatever gamma and profile the file names; palettes expanded; 16 bits
/// reduced to 8. Opacity, too, is reduced to 8 bits before the colour is multiplied by it.
func decodePNG(
  _ header: PictureHeader, bytes: UnsafeRawBufferPointer, over background: Background, path: String
) throws(FileError) -> Picture {
  let decoder = try PNGDecoder(bytes, path: path)
  let (width, height) = (Int(decoder.header.width), Int(decoder.header.height))
  try header.check(width: width, height: height, isGrey: decoder.header.is_grey, path: path)
  let stored = Int(decoder.header.channels)
  let channels = header.isGrey ? 1 : 3
  var pixels = try decoder.pixels()
  guard stored != channels else {
    return Picture(checkedWidth: width, height: height, channels: channels, pixels: pixels)
  }
  let count = width * height
  let isTransparent = stored == 2 || stored == 4
  pixels.withUnsafeMutableBufferPointer { pixels in
    for index in 0..<count {
      let opacity = isTransparent ? UInt32(pixels[index * stored + stored - 1]) : 255
      for channel in 0..<channels {
        pixels[index * channels + channel] = scaled(
          pixels[index * stored + channel], by: opacity, over: background)
      }
    }
  }
  pixels.removeLast(count * (stored - channels))
  return Picture(checkedWidth: width, height: height, channels: channels, pixels: pixels)
}

/// `value` · `factor` / 255, and the rest of `background`, rounded.
func scaled(_ value: UInt8, by factor: UInt32, over background: Background = .black) -> UInt8 {
  UInt8((UInt32(value) * factor + UInt32(background.rawValue) * (255 - factor) + 127) / 255)
}

/// The orientation in the first intact eXIf chunk (PNG specification, third edition, 11.3.3.4), before or after the image
/// data; nil when there is none.
private func pngOrientation(_ bytes: UnsafeRawBufferPointer) -> Orientation? {
  func number(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  let (exif, end): (UInt32, UInt32) = (0x6558_4966, 0x4945_4e44)
  var offset = pngSignature.count
  // Length, type and checksum take 12 bytes.
  while bytes.count - offset >= 12 {
    let (length, type) = (Int(number(offset)), number(offset + 4))
    guard type != end, length <= bytes.count - offset - 12 else { return nil }
    if type == exif {
      let checked = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 8 + length)])
      let checksum = crc32_z(0, checked.bindMemory(to: UInt8.self).baseAddress, checked.count)
      if UInt32(truncatingIfNeeded: checksum) == number(offset + 8 + length),
        let orientation = Orientation(exif: UnsafeRawBufferPointer(rebasing: checked[4...]))
      {
        return orientation
      }
    }
    offset += 12 + length
  }
  return nil
}

/// libpng on one file.
private struct PNGDecoder: ~Copyable {
  let header: cpng_header
  private let reader: OpaquePointer
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    var header = cpng_header()
    var message = CodecMessage(size: Int(cpng_message_size))
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    guard let reader = cpng_open(start, bytes.count, &header, &message.text) else {
      throw FileError(path, message.description)
    }
    (self.header, self.reader, self.path) = (header, reader, path)
  }

  /// The pixels, `[H, W, channels]`.
  func pixels() throws(FileError) -> [UInt8] {
    var message = CodecMessage(size: Int(cpng_message_size))
    let count = Int(header.width) * Int(header.height) * Int(header.channels)
    var pixels = [UInt8](repeating: 0, count: count)
    guard cpng_read(reader, &pixels, count, &message.text) else { throw FileError(path, message.description) }
    return pixels
  }

  deinit { cpng_close(reader) }
}
