import Foundation

/// Batches in an order that is a pure function of seed and batch number.
///
/// Epoch `number / (count / batchSize)` of a data set is a permutation by (seed, epoch), and by the set's place where there
/// are several; what is left of it after the last full batch is dropped. A background thread gathers batches ahead of their
/// use and sleeps when enough are ready; it ends with the loader. One thread at a time may call ``next()`` and ``seek(to:)``.
public final class BatchLoader: Sendable {
  /// Full batches in an epoch, of the largest set where there are several.
  public let batchesPerEpoch: Int
  /// What the batches hold.
  public let columns: [ColumnDescription]
  private let queue: BatchQueue

  /// A loader of one data set whose first batch is `firstBatch`.
  ///
  /// - Parameters:
  ///   - views: what changes each row, one after the other.
  ///   - prefetch: batches that are kept ready, at least 1.
  /// - Throws: ``DataError`` when the data set holds fewer samples than a batch, a number is out of range, or a view does not
  ///   suit the data.
  public convenience init(
    _ dataset: Dataset, batchSize: Int, seed: UInt64, firstBatch: Int = 0, prefetch: Int = 2,
    views: [any RowView] = []
  ) throws {
    try self.init(
      [Feed(dataset, views: views)], batchSize: batchSize, seed: seed, firstBatch: firstBatch, prefetch: prefetch)
  }

  /// A loader of several data sets, whose rows are drawn independently of each other and lie side by side in a batch.
  ///
  /// - Throws: ``DataError`` as above, or when two columns of a batch would have one name.
  public init(_ feeds: [Feed], batchSize: Int, seed: UInt64, firstBatch: Int = 0, prefetch: Int = 2) throws {
    guard batchSize > 0 else { throw DataError("batch \(batchSize): a batch holds at least one sample") }
    guard firstBatch >= 0 else { throw DataError("batch number \(firstBatch): batches count from 0") }
    guard !feeds.isEmpty else { throw DataError("a loader needs at least one data set") }
    for data in feeds.map(\.data) {
      guard data.count >= batchSize else {
        throw DataError(
          "\(data.name): \(data.count) \(data.count == 1 ? "sample is" : "samples are") fewer than a batch of "
            + "\(batchSize); add samples, or lower the batch size to \(data.count) or less")
      }
      guard data.count <= Int32.max else {
        throw DataError("\(data.name): \(data.count) samples; at most \(Int32.max) can be shuffled")
      }
    }
    let columns = feeds.flatMap(\.formats)
    for (index, column) in columns.enumerated() where columns[..<index].contains(where: { $0.name == column.name }) {
      throw DataError(
        "two data sets have a column '\(column.name)'; rename one of them")
    }
    self.columns = columns
    batchesPerEpoch = feeds.map { $0.data.count / batchSize }.max() ?? 0
    queue = BatchQueue(
      BatchGatherer(feeds, batchSize: batchSize, seed: seed), first: firstBatch, capacity: max(prefetch, 1))
    let queue = queue
    let thread = Thread { queue.fill() }
    thread.name = "batch loader"
    thread.start()
  }

  /// The next batch; waits until it is ready.
  ///
  /// - Throws: `FileError` if the file behind the data set has been shortened.
  public func next() throws -> StoredBatch { try queue.take() }

  /// Makes `number` the number of the next batch, as after a rollback.
  public func seek(to number: Int) {
    precondition(number >= 0, "batch number \(number): batches count from 0")
    queue.restart(at: number)
  }

  deinit { queue.close() }
}
