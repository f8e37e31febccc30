/// Pictures of one size: bytes `[N, H, W, C]`, C being 1 or 3, as a generator's images become when they are shown.
public struct PictureBatch: Sendable, Equatable {
  /// The number of pictures.
  public let count: Int
  /// Rows of each.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// `count * height * width * channels` bytes.
  public let pixels: [UInt8]

  /// A batch of given bytes.
  ///
  /// - Throws: ``PictureError`` when the sizes do not fit the number of bytes.
  public init(count: Int, height: Int, width: Int, channels: Int, pixels: [UInt8]) throws(PictureError) {
    try PictureError.check([count, height, width, channels], channels: channels, byteCount: pixels.count)
    self.count = count
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// The picture at `index`, from 0.
  public subscript(index: Int) -> Picture {
    let size = height * width * channels
    return Picture(
      checkedWidth: width, height: height, channels: channels, pixels: Array(pixels[index * size..<(index + 1) * size]))
  }
}

/// Pictures laid out in rows, left to right and top to bottom.
public enum PictureGrid {
  /// Pixels between pictures and around them.
  static let gap = 2
  /// The grey between the pictures: apart from black and from white backgrounds.
  package static let gapShade: UInt8 = 64

  /// One picture with all of `batch`, each enlarged by the same whole factor so that the grid comes near to `side`
  /// pixels without exceeding it; pictures that are large already stay as they are.
  ///
  /// - Parameters:
  ///   - columns: Pictures in a row; by default as many as make the grid nearly square.
  ///   - side: The desired longer side in pixels.
  public static func picture(of batch: PictureBatch, columns: Int? = nil, side: Int = 800) -> Picture {
    let columns = min(batch.count, max(1, columns ?? squareColumns(batch)))
    let rows = (batch.count + columns - 1) / columns
    let factor = max(
      1,
      min((side - gap * (columns + 1)) / (columns * batch.width), (side - gap * (rows + 1)) / (rows * batch.height)))
    let cellWidth = batch.width * factor + gap
    let cellHeight = batch.height * factor + gap
    let width = columns * cellWidth + gap
    let height = rows * cellHeight + gap
    let channels = batch.channels
    var pixels = [UInt8](repeating: gapShade, count: width * height * channels)
    pixels.withUnsafeMutableBufferPointer { target in
      batch.pixels.withUnsafeBufferPointer { source in
        var next = 0
        for index in 0..<batch.count {
          let top = gap + index / columns * cellHeight
          let left = gap + index % columns * cellWidth
          for row in 0..<batch.height * factor {
            var place = ((top + row) * width + left) * channels
            next = (index * batch.height + row / factor) * batch.width * channels
            for _ in 0..<batch.width {
              for _ in 0..<factor {
                for channel in 0..<channels { target[place + channel] = source[next + channel] }
                place += channels
              }
              next += channels
            }
          }
        }
      }
    }
    return Picture(checkedWidth: width, height: height, channels: channels, pixels: pixels)
  }

  /// The number of columns with which the grid's sides differ least, and of these the one that leaves fewest places
  /// empty; a wide grid rather than a high one.
  private static func squareColumns(_ batch: PictureBatch) -> Int {
    let ideal = (Double(batch.count) * Double(batch.height) / Double(batch.width)).squareRoot()
    let candidates = [Int(ideal.rounded(.up)), Int(ideal.rounded(.down))].map { min(max($0, 1), batch.count) }
    return candidates.min { cost($0, batch) < cost($1, batch) } ?? 1
  }

  private static func cost(_ columns: Int, _ batch: PictureBatch) -> (Int, Int) {
    let rows = (batch.count + columns - 1) / columns
    return (max(columns * batch.width, rows * batch.height), rows * columns - batch.count)
  }
}
