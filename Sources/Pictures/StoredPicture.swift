import CPNG
import Files
import Glibc

/// A picture with all that its file stores, upright: 8 or 16 bits a value, opacity, and the profile of its colours.
///
/// A ``Picture`` is what networks train on: 8 bits, and nothing transparent.
public struct StoredPicture: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Whether a pixel is red, green and blue, and not one grey.
  public let hasColor: Bool
  /// Whether a pixel ends with its opacity. The colour beside it is not multiplied by it.
  public let hasOpacity: Bool
  /// `[H, W, channels]`, row by row from the top.
  public let values: Values
  /// What the values mean as colours; nil for sRGB.
  public let profile: ColorProfile?

  /// Values of one depth, from 0 to all bits set.
  public enum Values: Sendable, Equatable {
    /// 8 bits each.
    case bytes([UInt8])
    /// 16 bits each.
    case words([UInt16])

    /// The number of values.
    public var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .words(let words): words.count
      }
    }

    /// Bits of a value: 8 or 16.
    public var depth: Int {
      switch self {
      case .bytes: 8
      case .words: 16
      }
    }
  }

  /// Values in a pixel: 1 (grey), 2 (grey, opacity), 3 (red, green, blue) or 4 (and opacity).
  public var channels: Int { colors + (hasOpacity ? 1 : 0) }
  /// Values in a pixel without its opacity: 1 or 3.
  public var colors: Int { hasColor ? 3 : 1 }

  /// A picture of given values. A profile of other than these colours, as of grey where there is colour, is left out.
  ///
  /// - Throws: ``PictureError`` when the sizes do not fit the number of values.
  public init(
    width: Int, height: Int, hasColor: Bool, hasOpacity: Bool, values: Values, profile: ColorProfile? = nil
  ) throws(PictureError) {
    try PictureError.check(
      [height, width, (hasColor ? 3 : 1) + (hasOpacity ? 1 : 0)], holds: values.count, of: "values")
    self.init(
      checkedWidth: width, height: height, hasColor: hasColor, hasOpacity: hasOpacity, values: values, profile: profile)
  }

  init(
    checkedWidth width: Int, height: Int, hasColor: Bool, hasOpacity: Bool, values: Values,
    profile: ColorProfile? = nil
  ) {
    (self.width, self.height, self.hasColor, self.hasOpacity) = (width, height, hasColor, hasOpacity)
    self.values = values
    self.profile = profile.flatMap { $0.describes(hasColor: hasColor) ? $0 : nil }
  }

  /// A picture of bytes.
  init(_ picture: Picture) {
    self.init(
      checkedWidth: picture.width, height: picture.height, hasColor: picture.channels == 3, hasOpacity: false,
      values: .bytes(picture.pixels))
  }

  /// The picture as the bytes of a PNG file of the same depth, which says that swift-gan wrote it.
  ///
  /// - Throws: ``PictureError`` with libpng's own sentence, as for sides above a million pixels.
  public func png() throws(PictureError) -> [UInt8] { try png(.sample) }

  /// The picture as the bytes of a PNG file with this mark.
  package func png(_ mark: PNGMark) throws(PictureError) -> [UInt8] {
    guard let width = UInt32(exactly: width), let height = UInt32(exactly: height) else {
      throw PictureError("\(width)x\(height) pixels are more than a PNG file can hold")
    }
    var message = CodecMessage(size: Int(cpng_message_size))
    var count = 0
    let bytes = values.withUnsafeBytes { pixels in
      (profile?.bytes ?? []).withUnsafeBufferPointer { profile in
        mark.software.withCString { software in
          var picture = cpng_picture(
            pixels: pixels.bindMemory(to: UInt8.self).baseAddress, width: width, height: height,
            channels: Int32(channels), depth: Int32(values.depth),
            profile: profile.isEmpty ? nil : profile.baseAddress, profile_size: profile.count, software: software)
          return cpng_write(&picture, &count, &message.text)
        }
      }
    }
    guard let bytes else { throw PictureError(message.description) }
    defer { free(bytes) }
    return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Writes the picture to a PNG file, which appears whole or not at all.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(png(), to: path) }
}

extension StoredPicture.Values {
  /// The values in the machine's byte order.
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .words(let words): try words.withUnsafeBytes(body)
    }
  }

  /// `count` values of `depth` bits, whose bytes `fill` writes.
  init(count: Int, depth: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    func filled<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value] {
      var values = [Value](repeating: 0, count: count)
      values.withUnsafeMutableBytes { fill($0.bindMemory(to: UInt8.self)) }
      return values
    }
    self = depth == 16 ? .words(filled(UInt16.self)) : .bytes(filled(UInt8.self))
  }
}
