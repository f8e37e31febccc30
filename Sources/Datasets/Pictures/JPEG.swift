import CTurboJPEG
import Files

/// Reads size, colour space and the Exif orientation.
func readJPEGHeader(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> PictureHeader {
  let decoder = try JPEGDecoder(bytes, path: path)
  let orientation = segments(of: bytes).lazy.filter { $0.marker == 0xe1 }.compactMap { Orientation(exif: $0.body) }
    .first
  // A block of 64 pixels, or four of them under halved chroma, takes a bit a component at the very least; arithmetic
  // coding less.
  let plausible = decoder.width * decoder.height / 8192 <= bytes.count
  return try PictureHeader(
    format: .jpeg, width: decoder.width, height: decoder.height, isGrey: decoder.colorspace == TJCS_GRAY,
    orientation: orientation ?? .upright, fitting: plausible, path: path)
}

/// Decodes any JPEG to grey or RGB. CMYK and YCCK are taken as Adobe stores them, the absence of each ink, and
/// converted without a colour profile: a channel is its ink's absence times black's. Pillow does the same.
func decodeJPEG(_ header: PictureHeader, bytes: UnsafeRawBufferPointer, path: String) throws(FileError) -> Picture {
  let decoder = try JPEGDecoder(bytes, path: path)
  let (format, channels): (TJPF, Int) =
    switch decoder.colorspace {
    case TJCS_GRAY: (TJPF_GRAY, 1)
    case TJCS_CMYK, TJCS_YCCK: (TJPF_CMYK, 4)
    default: (TJPF_RGB, 3)
    }
  var pixels = try decoder.decode(format, channels: channels)
  if channels == 4 {
    let count = header.width * header.height
    pixels.withUnsafeMutableBufferPointer { pixels in
      for index in 0..<count {
        let black = UInt32(pixels[4 * index + 3])
        for channel in 0..<3 { pixels[3 * index + channel] = scaled(pixels[4 * index + channel], by: black) }
      }
    }
    pixels.removeLast(count)
  }
  return Picture(
    width: header.width, height: header.height, channels: min(channels, 3), pixels: pixels,
    orientation: header.orientation)
}

/// The marker segments before the first scan (ITU-T T.81, annex B).
private func segments(of bytes: UnsafeRawBufferPointer) -> [(marker: UInt8, body: UnsafeRawBufferPointer)] {
  var found: [(marker: UInt8, body: UnsafeRawBufferPointer)] = []
  var offset = 2
  let startOfScan: UInt8 = 0xda
  while offset + 4 <= bytes.count, bytes[offset] == 0xff, bytes[offset + 1] != startOfScan {
    if bytes[offset + 1] == 0xff {
      offset += 1
      continue
    }
    let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
    guard length >= 2, offset + 2 + length <= bytes.count else { break }
    let body = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 2 + length)])
    found.append((bytes[offset + 1], body))
    offset += 2 + length
  }
  return found
}

/// TurboJPEG on one file.
private struct JPEGDecoder: ~Copyable {
  let width: Int
  let height: Int
  let colorspace: TJCS
  private let handle: tjhandle
  private let bytes: UnsafeRawBufferPointer
  private let path: String

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    guard let handle = tjInitDecompress() else { throw FileError(path, "TurboJPEG cannot start") }
    var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
    let result = tjDecompressHeader3(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height, &subsampling, &space)
    guard result == 0 else {
      let reason = String(cString: tjGetErrorStr2(handle))
      tjDestroy(handle)
      throw FileError(path, "damaged JPEG: \(reason)")
    }
    (self.width, self.height, colorspace) = (Int(width), Int(height), TJCS(UInt32(space)))
    self.handle = handle
    self.bytes = bytes
    self.path = path
  }

  /// The pixels, `[H, W, channels]`.
  func decode(_ format: TJPF, channels: Int) throws(FileError) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    let result = tjDecompress2(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &pixels, Int32(width),
      Int32(width * channels), Int32(height), Int32(bitPattern: UInt32(format.rawValue)), TJFLAG_ACCURATEDCT)
    let reason = result == 0 ? "" : String(cString: tjGetErrorStr2(handle))
    // Cameras and web servers leave stray bytes between segments; every decoder skips them without loss.
    guard result == 0 || reason.contains("extraneous bytes") else { throw FileError(path, "damaged JPEG: \(reason)") }
    return pixels
  }

  deinit { tjDestroy(handle) }
}
