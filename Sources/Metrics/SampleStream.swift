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
      try body(try withTorchErrors { try places.map { try samples(Array($0[range])) } ?? data.samples(range) })
    }
  }

  private func samples(_ places: [Int]) throws -> Tensor {
    try data.checkUnchanged()
    let size = data.bytesPerSample
    let gathered = AlignedBytes(count: places.count * size) { target in
      data.withUnsafeBytes { all in
        for (row, place) in places.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: target[(row * size)...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: all[(place * size)..<((place + 1) * size)]))
        }
      }
    }
    return gathered.withUnsafeBytes {
      Dataset.samples($0, count: places.count, shape: shape, element: data.element)
    }
  }
}
