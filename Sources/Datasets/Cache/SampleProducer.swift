import Files
import Pictures

/// Samples that can be made one by one, in any order, on any thread.
protocol SampleProducer: Sendable {
  var description: DatasetDescription { get }
  /// How many there are, unreadable ones included.
  var count: Int { get }
  /// A class for each.
  var labels: [Int32]? { get }
  /// Files that were found unusable already.
  var unreadable: [UnreadableFile] { get }

  /// Writes sample `index` to `row`, which has the size of a sample.
  ///
  /// - Throws: ``FileError`` when its file is damaged: the sample is left out.
  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError)
}

extension SampleProducer {
  var unreadable: [UnreadableFile] { [] }
}

/// Samples that lie in memory.
struct StoredSamples: SampleProducer {
  let description: DatasetDescription
  let samples: SampleStorage
  let labels: [Int32]?

  var count: Int { samples.byteCount / description.bytesPerSample }

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
    if let size = options.size { (description.shape.width, description.shape.height) = size }
    description.shape.channels = options.channels ?? description.shape.channels
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
