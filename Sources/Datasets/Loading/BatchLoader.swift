import Foundation

/// Batches in an order that is a pure function of seed and batch number.
///
/// Epoch `number / batchesPerEpoch` is a permutation of the data set by (seed, epoch); what is left of it after the
/// last full batch is dropped. A background thread gathers batches ahead of their use and sleeps when enough are ready;
/// it ends with the loader. One thread at a time may call ``next()`` and ``seek(to:)``.
public final class BatchLoader: Sendable {
  /// Full batches in an epoch.
  public let batchesPerEpoch: Int
  private let queue: BatchQueue

  /// A loader whose first batch is `firstBatch`.
  ///
  /// - Parameter prefetch: batches that are kept ready, at least 1.
  /// - Throws: ``DataError`` when the data set holds fewer samples than a batch, or a number is out of range.
  public init(_ dataset: Dataset, batchSize: Int, seed: UInt64, firstBatch: Int = 0, prefetch: Int = 2) throws {
    guard batchSize > 0 else { throw DataError("batch \(batchSize): a batch holds at least one sample") }
    guard firstBatch >= 0 else { throw DataError("batch number \(firstBatch): batches count from 0") }
    guard dataset.count >= batchSize else {
      throw DataError(
        "\(dataset.name): \(dataset.count) \(dataset.count == 1 ? "sample is" : "samples are") fewer than a batch of "
          + "\(batchSize); add samples or take a batch of \(dataset.count) or fewer")
    }
    guard dataset.count <= Int32.max else {
      throw DataError("\(dataset.name): \(dataset.count) samples; at most \(Int32.max) can be shuffled")
    }
    batchesPerEpoch = dataset.count / batchSize
    queue = BatchQueue(
      BatchGatherer(dataset: dataset, batchSize: batchSize, seed: seed, order: nil), first: firstBatch,
      capacity: max(prefetch, 1))
    let queue = queue
    let thread = Thread { queue.fill() }
    thread.name = "batch loader"
    thread.start()
  }

  /// The next batch; waits until it is ready.
  ///
  /// - Throws: `FileError` when the file behind the data set was shortened meanwhile.
  public func next() throws -> StoredBatch { try queue.take() }

  /// Makes `number` the number of the next batch, as after a rollback.
  public func seek(to number: Int) {
    precondition(number >= 0, "batch number \(number): batches count from 0")
    queue.restart(at: number)
  }

  deinit { queue.close() }
}
