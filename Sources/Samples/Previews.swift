import Datasets
import Pictures
import Torch

/// What is shown of a run.
public typealias Preview = Picture

extension Dataset {
  /// The first `count` samples of a set in the plane as points.
  public func points(_ count: Int) -> [ScatterPlot.Point] {
    withUnsafeBytes { bytes in
      let values = bytes.bindMemory(to: Float.self)
      return (0..<min(count, self.count)).map { ScatterPlot.Point(values[2 * $0], values[2 * $0 + 1]) }
    }
  }

  /// The first `count` samples as pictures: grey, or colour; other numbers of channels show their first.
  public func pictures(_ count: Int) throws -> PictureBatch { try pictures(at: Array(0..<min(count, self.count))) }

  /// The samples at these places as pictures.
  package func pictures(at places: [Int]) throws -> PictureBatch {
    let (channels, size) = (shape.channels, shape.height * shape.width)
    let shown = channels == 3 ? 3 : 1
    let pixels = withUnsafeBytes { bytes -> [UInt8] in
      places.flatMap { place in
        (place * size..<(place + 1) * size).flatMap { pixel in
          (0..<shown).map { channel in
            let index = pixel * channels + channel
            guard element == .float32 else { return bytes[index] }
            let value = bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
            return UInt8(min(max((value + 1) * 127.5, 0), 255).rounded())
          }
        }
      }
    }
    return try PictureBatch(
      count: places.count, height: shape.height, width: shape.width, channels: shown, pixels: pixels)
  }
}

extension Images {
  /// The pixels `[N, H, W, C]` as grey levels 0 … 255: −1 is 0, 1 is 255, rounded to the nearest.
  public func pixels() -> [UInt8] {
    ((tensor.detached() + 1) * 127.5).rounded().clamped(0, 255).permuted(0, 2, 3, 1).array(of: UInt8.self)
  }

  /// Pictures of two channels and one pixel as points.
  package func points() -> [ScatterPlot.Point] {
    let values = tensor.detached().flattened().array(of: Float.self)
    return stride(from: 0, to: values.count, by: 2).map { ScatterPlot.Point(values[$0], values[$0 + 1]) }
  }
}
