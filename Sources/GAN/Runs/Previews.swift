extension Dataset {
  /// The first `count` samples of a set in the plane as points.
  public func points(_ count: Int) -> [ScatterPlot.Point] {
    withUnsafeBytes { bytes in
      let values = bytes.bindMemory(to: Float.self)
      return (0..<min(count, self.count)).map { ScatterPlot.Point(values[2 * $0], values[2 * $0 + 1]) }
    }
  }

  /// The first `count` samples as pictures: grey, or colour; other numbers of channels show their first.
  public func pictures(_ count: Int) throws -> PictureBatch {
    let (rows, channels) = (min(count, self.count), shape.channels)
    let shown = channels == 3 ? 3 : 1
    let pixels = withUnsafeBytes { bytes -> [UInt8] in
      (0..<(rows * shape.height * shape.width)).flatMap { pixel in
        (0..<shown).map { channel in
          let index = pixel * channels + channel
          guard element == .float32 else { return bytes[index] }
          let value = bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
          return UInt8(min(max((value + 1) * 127.5, 0), 255).rounded())
        }
      }
    }
    return try PictureBatch(count: rows, height: shape.height, width: shape.width, channels: shown, pixels: pixels)
  }
}
