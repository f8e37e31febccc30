import CPNG
import Files

let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/// Reads IHDR and, for a palette picture, PLTE (PNG specification, 11.2).
func readPNGHeader(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> PictureHeader {
  func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) } }
  func type(_ offset: Int) -> String { String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self) }
  guard bytes.count >= 33, number(8) == 13, type(12) == "IHDR" else {
    throw FileError(path, "the PNG header is truncated or damaged")
  }
  let (width, height, depth, colorType) = (number(16), number(20), Int(bytes[24]), Int(bytes[25]))
  guard let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType], [1, 2, 4, 8, 16].contains(depth) else {
    throw FileError(path, "PNG colour type \(colorType) with \(depth) bits does not exist; the file is damaged")
  }
  let palette = 3
  var isGrey = colorType == 0 || colorType == 4
  var offset = 33
  while colorType == palette, offset + 8 <= bytes.count, type(offset + 4) != "IDAT" {
    let length = number(offset)
    if type(offset + 4) == "PLTE", offset + 8 + length <= bytes.count {
      let colors = bytes[(offset + 8)..<(offset + 8 + length / 3 * 3)]
      isGrey = stride(from: colors.startIndex, to: colors.endIndex, by: 3).allSatisfy {
        colors[$0] == colors[$0 + 1] && colors[$0] == colors[$0 + 2]
      }
    }
    offset += 12 + length
  }
  // Deflate shrinks at most 1,032 times (RFC 1951: 258 bytes from 2 bits).
  let rows = height.multipliedReportingOverflow(by: 1 + width * samples * depth / 8)
  return try PictureHeader(
    format: .png, width: width, height: height, isGrey: isGrey,
    fitting: !rows.overflow && rows.partialValue / 1032 <= bytes.count, path: path)
}

/// Decodes any PNG to grey or RGB with libpng's simplified interface: palettes expanded, 16 bits (taken as sRGB)
/// reduced to 8.
func decodePNG(_ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> Picture {
  var image = png_image()
  image.version = png_uint_32(PNG_IMAGE_VERSION)
  defer { png_image_free(&image) }
  guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
    throw FileError(path, "damaged PNG: \(message(of: image))")
  }
  image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
  let alpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA)
  image.format = (header.isGrey ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)) | alpha
  let channels = header.isGrey ? 1 : 3
  let stored = channels + (alpha == 0 ? 0 : 1)
  let count = header.width * header.height
  var pixels = [UInt8](repeating: 0, count: count * stored)
  guard png_image_finish_read(&image, nil, &pixels, png_int_32(header.width * stored), nil) != 0 else {
    throw FileError(path, "damaged PNG: \(message(of: image))")
  }
  if alpha != 0 {
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in 0..<count {
        let opacity = UInt32(pixels[index * stored + channels])
        for channel in 0..<channels {
          pixels[index * channels + channel] = scaled(pixels[index * stored + channel], by: opacity)
        }
      }
    }
    pixels.removeLast(count)
  }
  return Picture(width: header.width, height: header.height, channels: channels, pixels: pixels)
}

/// `value` · `factor` / 255, rounded.
func scaled(_ value: UInt8, by factor: UInt32) -> UInt8 { UInt8((UInt32(value) * factor + 127) / 255) }

private func message(of image: png_image) -> String {
  withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
