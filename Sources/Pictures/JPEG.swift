import CJPEG
import Files
import Glibc

/// Reads size, colour space and the Exif orientation.
func readJPEGHeader(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> PictureHeader {
  let decoder = try JPEGDecoder(bytes, path: path)
  let (width, height) = (Int(decoder.header.width), Int(decoder.header.height))
  // A block of 64 pixels, or four of them under halved chroma, takes a bit a component at the very least; arithmetic
  // coding less.
  return try PictureHeader(
    format: .jpeg, width: width, height: height, isGrey: decoder.header.channels == 1,
    orientation: decoder.orientation ?? .upright, fitting: width * height / 8192 <= bytes.count, path: path)
}

/// Decodes the rows of any JPEG to grey or RGB. CMYK and YCCK are taken as Adobe stores them, the absence of each ink, and
/// converted without a colour profile: a channel is its ink's absence times black's. Pillow does the same.
func decodeJPEG(
  _ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String
) throws(FileError) -> StoredPicture {
  let decoder = try JPEGDecoder(bytes, path: path)
  let (width, height, channels) = (
    Int(decoder.header.width), Int(decoder.header.height), Int(decoder.header.channels)
  )
  try header.check(width: width, height: height, isGrey: channels == 1, path: path)
  var pixels = try decoder.pixels()
  if channels == 4 {
    let count = width * height
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in 0..<count {
        let black = UInt32(pixels[4 * index + 3])
        for channel in 0..<3 { pixels[3 * index + channel] = scaled(pixels[4 * index + channel], by: black) }
      }
    }
    pixels.removeLast(count)
  }
  return StoredPicture(
    checkedWidth: width, height: height, hasColor: channels > 1, hasOpacity: false, values: .bytes(pixels))
}

/// The profile of a JPEG file.
func readJPEGProfile(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> ColorProfile? {
  try JPEGDecoder(bytes, path: path).profile
}

/// libjpeg-turbo on one file.
private struct JPEGDecoder: ~Copyable {
  let header: cjpeg_header
  private let reader: OpaquePointer
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    var header = cjpeg_header()
    var message = CodecMessage(size: Int(cjpeg_message_size))
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    guard let reader = cjpeg_open(start, bytes.count, &header, &message.text) else {
      throw FileError(path, message.description)
    }
    (self.header, self.reader, self.path) = (header, reader, path)
  }

  /// What the first Exif segment that tells an orientation tells; nil when none does.
  var orientation: Orientation? {
    var (index, count) = (Int32(0), 0)
    while let body = cjpeg_app1(reader, index, &count) {
      let segment = UnsafeRawBufferPointer(start: body, count: count)
      // Other APP1 segments hold XMP.
      if segment.starts(with: Orientation.exifPrefix), let orientation = Orientation(exif: segment) {
        return orientation
      }
      index += 1
    }
    return nil
  }

  /// The ICC profile; nil when there is none or a part of it is missing.
  var profile: ColorProfile? {
    var count = 0
    guard let profile = cjpeg_profile(reader, &count) else { return nil }
    defer { free(profile) }
    return ColorProfile([UInt8](UnsafeBufferPointer(start: profile, count: count)))
  }

  /// The pixels, `[H, W, channels]`.
  func pixels() throws(FileError) -> [UInt8] {
    var message = CodecMessage(size: Int(cjpeg_message_size))
    let count = Int(header.width) * Int(header.height) * Int(header.channels)
    var pixels = [UInt8](repeating: 0, count: count)
    guard cjpeg_read(reader, &pixels, count, &message.text) else { throw FileError(path, message.description) }
    return pixels
  }

  deinit { cjpeg_close(reader) }
}
