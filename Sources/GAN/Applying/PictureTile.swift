// Values v of a picture's file stand for 2 v / m − 1, m being the largest: as for bytes in PictureDomain.

/// A part of a picture, whose rows and columns may come in any order and more than once.
struct PictureTile<Value: FixedWidthInteger & UnsignedInteger> {
  let values: [Value]
  /// Values in a pixel.
  let channels: Int
  /// Pixels in a row of the picture.
  let width: Int
  /// The picture's rows and columns that the tile shows.
  let rows: [Int]
  let columns: [Int]

  init(_ values: [Value], channels: Int, width: Int, rows: [Int], columns: [Int]) {
    (self.values, self.channels, self.width, self.rows, self.columns) = (values, channels, width, rows, columns)
  }

  /// The tile `[1, colors, H, W]`, channels being neighbours in memory as in batches of data.
  ///
  /// - Parameter colors: 1 or 3; of a picture that has fewer, each is its grey, of one that has more, the first.
  func images(channels colors: Int) -> Images {
    let step = channels >= 3 && colors == 3 ? 1 : 0
    let numbers = [Float](unsafeUninitializedCapacity: rows.count * columns.count * colors) { numbers, count in
      values.withUnsafeBufferPointer { values in
        for row in rows {
          for column in columns {
            let place = (row * width + column) * channels
            for color in 0..<colors {
              numbers.initializeElement(at: count + color, to: Float(values[place + step * color]))
            }
            count += colors
          }
        }
      }
    }
    let pixels = Tensor(numbers, shape: [1, rows.count, columns.count, colors]).permuted(0, 3, 1, 2)
    return Images(pixels * (2 / Double(Value.max)) - 1)
  }
}

/// The finished rows of a result, from the top.
struct PictureRows<Value: FixedWidthInteger & UnsignedInteger> {
  /// `[H, W, channels]` as far as they are finished.
  private(set) var values: [Value] = []
  /// Of each pixel, where the result has any.
  private let opacity: [Value]?

  /// A result with the opacity of `picture`.
  init(opacityOf picture: StoredPicture, _ source: [Value], colors: Int) {
    let channels = picture.channels
    opacity =
      picture.hasOpacity ? stride(from: channels - 1, to: source.count, by: channels).map { source[$0] } : nil
    values.reserveCapacity(picture.width * picture.height * (colors + (picture.hasOpacity ? 1 : 0)))
  }

  /// Adds the rows `[C, rows, W]` of values in [-1, 1], rounded to the nearest level.
  ///
  /// - Throws: ``TrainingError`` for what is not finite.
  mutating func append(_ rows: Tensor) throws(TrainingError) {
    guard rows.isFinite else { throw TrainingError("the model makes of the picture what is not a finite number") }
    let colors = rows.size(0)
    let levels = ((rows + 1) * (Double(Value.max) / 2)).rounded().clamped(0, Double(Value.max))
    let numbers = levels.permuted(1, 2, 0).array(of: Float.self)
    guard let opacity else { return values.append(contentsOf: numbers.lazy.map { Value($0) }) }
    for pixel in stride(from: 0, to: numbers.count, by: colors) {
      for color in 0..<colors { values.append(Value(numbers[pixel + color])) }
      values.append(opacity[values.count / (colors + 1)])
    }
  }
}

extension StoredPicture {
  /// Whether it is stored in colour and each pixel is grey.
  var isGreyInColor: Bool {
    func isGrey<Value: Equatable>(_ values: [Value]) -> Bool {
      for pixel in stride(from: 0, to: values.count, by: channels) {
        let red = values[pixel]
        if values[pixel + 1] != red || values[pixel + 2] != red { return false }
      }
      return true
    }
    switch values {
    case .bytes(let bytes): return isGrey(bytes)
    case .words(let words): return isGrey(words)
    }
  }
}
