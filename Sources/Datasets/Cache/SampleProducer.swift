import Files
import Pictures

/// What a producer makes: rows of one or several columns.
struct DatasetDescription: Sendable, Equatable {
  var name: String
  /// The columns in the order in which a row holds them, one after the other; the samples come first.
  var columns: [ColumnDescription]
  var classNames: [String]?
  /// At least so many classes, even where the last of them have no sample.
  var classCount: Int?

  init(name: String, columns: [ColumnDescription]) {
    self.name = name
    self.columns = columns
  }

  init(name: String, _ format: ColumnFormat) {
    self.init(name: name, columns: [ColumnDescription(Dataset.samplesName, format)])
  }

  /// Pictures of bytes, or of what `element` says.
  init(
    name: String, shape: SampleShape, element: ColumnFormat.Element = .uint8, classNames: [String]? = nil,
    classCount: Int? = nil
  ) {
    self.init(name: name, .pictures(shape, element))
    self.classNames = classNames
    self.classCount = classCount
  }

  /// The shape of the samples.
  var shape: SampleShape { columns[0].format.sampleShape ?? SampleShape(channels: 0, height: 0, width: 0) }

  /// Bytes that a row of all columns takes.
  var rowBytes: Int { columns.reduce(0) { $0 + $1.format.rowBytes } }

  /// Where the columns begin when each has room for `count` rows, and where the last ends; all at multiples of 64.
  func offsets(count: Int) -> [Int] {
    columns.reduce(into: [0]) { offsets, column in
      offsets.append(((offsets.last ?? 0) + count * column.format.rowBytes + 63) / 64 * 64)
    }
  }

  /// Calls `body` with the part of each column in `rows`, which hold the columns of a row one after the other.
  func forEachColumn(
    of rows: UnsafeRawBufferPointer, _ body: (_ column: Int, UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    guard columns.count > 1 else { return try body(0, rows) }
    let count = rows.count / rowBytes
    var start = 0
    for (index, column) in columns.enumerated() {
      let size = column.format.rowBytes
      let part = AlignedBytes(count: count * size) { target in
        for row in 0..<count {
          let from = row * rowBytes + start
          UnsafeMutableRawBufferPointer(rebasing: target[(row * size)...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: rows[from..<(from + size)]))
        }
      }
      try part.withUnsafeBytes { try body(index, $0) }
      start += size
    }
  }

  /// The column of these classes.
  func classes(_ labels: [Int32]) -> StoredColumn {
    .labels(labels, names: classNames, count: classCount, name: Dataset.classesName)
  }
}

/// Samples that can be made one by one, in any order, on any thread.
protocol SampleProducer: Sendable {
  var description: DatasetDescription { get }
  /// How many there are, unreadable ones included.
  var count: Int { get }
  /// A class for each.
  var labels: [Int32]? { get }
  /// Files that were found unusable already.
  var unreadable: [UnreadableFile] { get }

  /// Writes sample `index`, its columns one after the other, to `row`.
  ///
  /// - Throws: ``FileError`` when its file is damaged: the sample is left out.
  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError)
}

extension SampleProducer {
  var unreadable: [UnreadableFile] { [] }
}

/// Samples of one column that lie in memory or in a file.
struct StoredSamples: SampleProducer {
  let description: DatasetDescription
  let samples: SampleStorage
  let labels: [Int32]?

  var count: Int { samples.byteCount / description.rowBytes }

  /// The samples, and their classes where there are any.
  var columns: [StoredColumn] {
    description.columns.map { StoredColumn($0.name, $0.format, samples) }
      + (labels.map { [description.classes($0)] } ?? [])
  }

  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    samples.withUnsafeBytes { samples in
      row.copyMemory(from: UnsafeRawBufferPointer(rebasing: samples[(index * row.count)..<((index + 1) * row.count)]))
    }
  }
}

/// Pictures of another producer, resized and recoloured as a folder's pictures are.
struct ConvertedSamples<Source: SampleProducer>: SampleProducer {
  let source: Source
  let description: DatasetDescription

  var count: Int { source.count }
  var labels: [Int32]? { source.labels }
  var unreadable: [UnreadableFile] { source.unreadable }

  init(_ source: Source, options: LoadOptions) {
    self.source = source
    var description = source.description
    var shape = description.shape
    if let size = options.size { (shape.width, shape.height) = size }
    shape.channels = options.channels ?? shape.channels
    description.columns[0].format = .pictures(shape)
    self.description = description
  }

  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    let from = source.description.shape
    var pixels = [UInt8](repeating: 0, count: from.elementCount)
    try pixels.withUnsafeMutableBufferPointer { pixels throws(FileError) in
      try source.produce(index, into: UnsafeMutableRawBufferPointer(pixels))
    }
    let shape = description.shape
    Picture(checkedWidth: from.width, height: from.height, channels: from.channels, pixels: pixels)
      .fit(width: shape.width, height: shape.height, channels: shape.channels, into: row)
  }
}
