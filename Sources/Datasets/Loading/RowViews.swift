import Pictures

/// Stretches all pictures of a row to one size by the bicubic filter, as Pillow's BICUBIC does: larger ones than a network takes,
/// for a ``RandomCrop`` to choose from.
public struct Stretch: RowView {
  /// Columns of the new pictures.
  public let width: Int
  /// Rows of the new pictures.
  public let height: Int

  /// - Precondition: both sides are positive.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "pictures of \(width)x\(height) pixels cannot be")
    self.width = width
    self.height = height
  }

  /// The pictures in the new size.
  ///
  /// - Throws: ``DataError`` when there is no picture, or one is not of bytes.
  public func formats(of columns: [ColumnDescription]) throws(DataError) -> [ColumnDescription] {
    let pictures = columns.filter { $0.format.pictureShape != nil }
    guard !pictures.isEmpty else { throw DataError.noPictures(for: "a stretch") }
    if let other = pictures.first(where: { $0.format.element != .uint8 }) {
      throw DataError(
        "a stretch takes pictures of bytes, and those of '\(other.name)' are \(other.format.element.rawValue)")
    }
    return columns.map { column in
      guard var shape = column.format.pictureShape else { return column }
      (shape.width, shape.height) = (width, height)
      return ColumnDescription(column.name, .pictures(shape))
    }
  }

  /// Stretches all pictures of the row.
  public func change(_ row: inout StoredRow, _ random: inout CounterRandom) {
    row.changePictures { pixels, shape, _ in
      let larger = SampleShape(channels: shape.channels, height: height, width: width)
      pixels = stretched(pixels, shape, to: larger)
      shape = larger
    }
  }
}

/// Cuts a rectangle of a drawn place out of all pictures of a row, the same out of each: pix2pix loads pictures at 286x286 and
/// cuts 256x256 out of them (Isola et al. 2017, arXiv:1611.07004, section 6.2, "random jitter").
public struct RandomCrop: RowView {
  /// Columns of the rectangle.
  public let width: Int
  /// Rows of the rectangle.
  public let height: Int

  /// - Precondition: both sides are positive.
  public init(width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a crop of \(width)x\(height) pixels is empty")
    self.width = width
    self.height = height
  }

  /// The pictures in the crop's size.
  ///
  /// - Throws: ``DataError`` when there is no picture, pictures differ in size, or they are smaller than the crop.
  public func formats(of columns: [ColumnDescription]) throws(DataError) -> [ColumnDescription] {
    let size = try commonSize(of: columns, for: "a crop")
    guard size.width >= width, size.height >= height else {
      throw DataError(
        "a crop of \(width)x\(height) does not fit into pictures of \(size.width)x\(size.height); load them larger")
    }
    return columns.map { column in
      guard var shape = column.format.pictureShape else { return column }
      (shape.width, shape.height) = (width, height)
      return ColumnDescription(column.name, .pictures(shape, column.format.element))
    }
  }

  /// Cuts all pictures of the row at one place.
  public func change(_ row: inout StoredRow, _ random: inout CounterRandom) {
    guard let size = row.columns.lazy.compactMap({ $0.description.format.pictureShape }).first else { return }
    let (top, left) = (random.below(size.height - height + 1), random.below(size.width - width + 1))
    row.changePictures { pixels, shape, pixel in
      var cut: [UInt8] = []
      cut.reserveCapacity(width * height * pixel)
      for line in top..<(top + height) {
        let start = (line * shape.width + left) * pixel
        cut += pixels[start..<(start + width * pixel)]
      }
      (pixels, shape.width, shape.height) = (cut, width, height)
    }
  }
}

/// Mirrors all pictures of a row, left to right, or none of them, each with probability one half.
public struct HorizontalFlip: RowView {
  /// A flip has no settings.
  public init() {}

  /// The same columns.
  ///
  /// - Throws: ``DataError`` when there is no picture.
  public func formats(of columns: [ColumnDescription]) throws(DataError) -> [ColumnDescription] {
    guard columns.contains(where: { $0.format.kind == .pictures }) else { throw DataError.noPictures(for: "a flip") }
    return columns
  }

  /// Mirrors all pictures of the row or none.
  public func change(_ row: inout StoredRow, _ random: inout CounterRandom) {
    guard random.below(2) == 1 else { return }
    row.changePictures { pixels, shape, pixel in
      let source = pixels
      for line in 0..<shape.height {
        for column in 0..<shape.width {
          let (from, to) = ((line * shape.width + column) * pixel, ((line + 1) * shape.width - 1 - column) * pixel)
          for byte in 0..<pixel { pixels[to + byte] = source[from + byte] }
        }
      }
    }
  }
}

/// Makes the column "images" of the column "target": smaller by a whole factor, by the bicubic filter with antialiasing, as
/// Pillow's BICUBIC and Matlab's `imresize` make the low resolution of super-resolution's benchmarks.
public struct BicubicDownscaling: RowView {
  /// How many times smaller each side becomes.
  public let factor: Int

  /// - Precondition: the factor is 2 or more.
  public init(factor: Int) {
    precondition(factor >= 2, "downscaling by \(factor): the factor must be 2 or more")
    self.factor = factor
  }

  private static let (from, to) = ("target", "images")

  /// The columns with the small pictures last.
  ///
  /// - Throws: ``DataError`` when "target" is missing, holds no pictures of bytes, or the factor does not divide their sides.
  public func formats(of columns: [ColumnDescription]) throws(DataError) -> [ColumnDescription] {
    guard let target = columns.first(where: { $0.name == Self.from }), var shape = target.format.pictureShape,
      target.format.element == .uint8
    else { throw DataError("downscaling needs a column '\(Self.from)' of byte pictures, and there is none") }
    guard shape.width % factor == 0, shape.height % factor == 0 else {
      throw DataError(
        "\(factor) does not divide the sides of \(shape.width)x\(shape.height) pictures; crop them first")
    }
    (shape.width, shape.height) = (shape.width / factor, shape.height / factor)
    return columns.filter { $0.name != Self.to } + [ColumnDescription(Self.to, .pictures(shape))]
  }

  /// Adds the small picture to the row.
  public func change(_ row: inout StoredRow, _ random: inout CounterRandom) {
    guard let target = row.columns.first(where: { $0.description.name == Self.from }),
      let large = target.description.format.pictureShape
    else { return }
    let small = SampleShape(channels: large.channels, height: large.height / factor, width: large.width / factor)
    let pixels = stretched(target.bytes, large, to: small)
    row.columns.removeAll { $0.description.name == Self.to }
    row.columns.append(StoredRow.Column(description: ColumnDescription(Self.to, .pictures(small)), bytes: pixels))
  }
}

extension ColumnFormat {
  /// The shape of a row that is a picture.
  fileprivate var pictureShape: SampleShape? { kind == .pictures ? sampleShape : nil }
}

extension StoredRow {
  /// Calls `body` with the bytes of each picture, its shape, and the bytes that a pixel takes.
  fileprivate mutating func changePictures(_ body: (inout [UInt8], inout SampleShape, Int) -> Void) {
    for index in columns.indices {
      let format = columns[index].description.format
      guard var shape = format.pictureShape else { continue }
      body(&columns[index].bytes, &shape, shape.channels * format.element.size)
      columns[index].description.format = .pictures(shape, format.element)
    }
  }
}

extension DataError {
  fileprivate static func noPictures(for view: String) -> DataError {
    DataError("\(view) needs pictures, and no column holds any")
  }
}

/// A picture of bytes in another size, by the bicubic filter.
private func stretched(_ pixels: [UInt8], _ shape: SampleShape, to size: SampleShape) -> [UInt8] {
  var result = [UInt8](repeating: 0, count: size.elementCount)
  pixels.withUnsafeBufferPointer { source in
    result.withUnsafeMutableBufferPointer { target in
      PixelView(pixels: source, channels: shape.channels, width: shape.width, height: shape.height)
        .stretch(toWidth: size.width, height: size.height, into: target)
    }
  }
  return result
}

/// The size that all pictures of a row have.
private func commonSize(of columns: [ColumnDescription], for view: String) throws(DataError) -> SampleShape {
  let pictures = columns.filter { $0.format.pictureShape != nil }
  guard let first = pictures.first, let shape = first.format.pictureShape else {
    throw DataError.noPictures(for: view)
  }
  for other in pictures {
    guard let size = other.format.pictureShape, (size.width, size.height) != (shape.width, shape.height) else {
      continue
    }
    throw DataError(
      "\(view) takes pictures of one size, and those of '\(first.name)' are \(shape.width)x\(shape.height), those of "
        + "'\(other.name)' \(size.width)x\(size.height)")
  }
  return shape
}
