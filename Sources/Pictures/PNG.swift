import CPNG
import CZlib
import Files
import Glibc

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

/// Decodes the rows of any PNG to grey or RGB, with or without opacity: values as stored, whatever gamma and profile the file
/// names; palettes expanded.
func decodePNG(
  _ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String
) throws(FileError) -> StoredPicture {
  let decoder = try PNGDecoder(bytes, path: path)
  let (width, height, stored) = (
    Int(decoder.header.width), Int(decoder.header.height), Int(decoder.header.channels)
  )
  try header.check(width: width, height: height, isGrey: decoder.header.is_grey, path: path)
  let hasOpacity = stored == 2 || stored == 4
  let values = try decoder.values()
  return StoredPicture(
    checkedWidth: width, height: height, hasColor: !header.isGrey, hasOpacity: hasOpacity,
    values: header.isGrey && stored > 2 ? greys(values, channels: stored) : values)
}

/// Of an expanded palette of greys, whose pixels have three equal values, one, and the opacity behind them.
private func greys(_ values: StoredPicture.Values, channels: Int) -> StoredPicture.Values {
  // Palettes have 8 bits.
  guard case .bytes(let bytes) = values else { return values }
  let kept = channels == 4 ? [0, 3] : [0]
  var greys: [UInt8] = []
  greys.reserveCapacity(bytes.count / channels * kept.count)
  for start in stride(from: 0, to: bytes.count, by: channels) {
    for offset in kept { greys.append(bytes[start + offset]) }
  }
  return .bytes(greys)
}

/// The profile of a PNG file.
func readPNGProfile(_ bytes: UnsafeRawBufferPointer) -> ColorProfile? {
  var count = 0
  guard let profile = cpng_profile(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &count) else {
    return nil
  }
  defer { free(profile) }
  return ColorProfile([UInt8](UnsafeBufferPointer(start: profile, count: count)))
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
  func values() throws(FileError) -> StoredPicture.Values {
    var message = CodecMessage(size: Int(cpng_message_size))
    var isWhole = false
    let count = Int(header.width) * Int(header.height) * Int(header.channels)
    let values = StoredPicture.Values(count: count, depth: Int(header.depth)) { target in
      isWhole = cpng_read(reader, target.baseAddress, target.count, &message.text)
    }
    guard isWhole else { throw FileError(path, message.description) }
    return values
  }

  deinit { cpng_close(reader) }
}
