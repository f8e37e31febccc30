import Datasets
import Torch

/// Samples handed over a batch at a time, so that memory does not grow with their number.
public protocol SampleStream {
  /// How many there are.
  var count: Int { get }
  /// The shape of each.
  var shape: SampleShape { get }
  /// Calls `body` with all samples in order, a batch `[n, C, H, W]` in [-1, 1] (float32) at a time.
  ///
  /// - Throws: what goes wrong while samples are made, and what `body` throws.
  func forEachBatch(_ body: (Tensor) throws -> Void) throws
}

/// Samples of a data set: all of them in order, or drawn without repetition.
public struct DatasetSamples: SampleStream {
  /// A batch has at most so many samples, and at most so many bytes as float32.
  private static let (mostSamples, mostBytes) = (500, 64 << 20)

  private let data: Dataset
  /// Their places in the data set, in the order of their turns; nil for all as they stand.
  private let places: [Int]?

  /// All samples of `data`.
  public init(_ data: Dataset) {
    self.data = data
    places = nil
  }

  /// At most `count` samples of `data`, drawn by `seed`, in an order that is drawn too: files of a folder stand class by
  /// class, and metrics that look at the first samples, or at parts of them, must not.
  public init(_ data: Dataset, count: Int, seed: UInt64) {
    self.data = data
    places = EpochOrder(count: data.count, seed: seed, epoch: 0).indices.prefix(count).map { Int($0) }
  }

  /// How many there are.
  public var count: Int { places?.count ?? data.count }
  /// The shape of each.
  public var shape: SampleShape { data.shape }

  /// Calls `body` with all samples in order, a batch at a time.
  public func forEachBatch(_ body: (Tensor) throws -> Void) throws {
    let batch = min(Self.mostSamples, max(1, Self.mostBytes / (4 * shape.elementCount)))
    for start in stride(from: 0, to: count, by: batch) {
      let range = start..<min(start + batch, count)
      try body(try withTorchErrors { try places.map { try data.samples(at: Array($0[range])) } ?? data.samples(range) })
    }
  }
}

extension Dataset {
  /// Samples `range` as their domain has them: pictures `[N, C, H, W]`, float32 in [-1, 1], channels neighbours in memory.
  ///
  /// - Throws: `FileError` if the file behind the data set has been shortened.
  public func samples(_ range: Range<Int>) throws -> Tensor {
    try checkUnchanged()
    return images.withRows(range) { images.format.domain.tensor($0, count: range.count) }
  }

  /// The samples at `places`, in their order.
  ///
  /// - Throws: `FileError` if the file behind the data set has been shortened.
  public func samples(at places: [Int]) throws -> Tensor {
    try checkUnchanged()
    return images.format.domain.tensor(images.rows(at: places))
  }

  /// The first samples as people see them, with those of the other side if there are two: by default as many as a preview
  /// usually shows.
  ///
  /// - Throws: `FileError` if the file behind the data set has been shortened.
  public func preview(_ count: Int? = nil) throws -> Preview {
    if let sides = SidesPreview(self) {
      try checkUnchanged()
      return try withTorchErrors { try sides(count) }
    }
    let domain = images.format.domain
    let values = try withTorchErrors { try samples(0..<min(count ?? domain.previewCount, self.count)) }
    return try domain.preview(ofData: values)
  }
}
