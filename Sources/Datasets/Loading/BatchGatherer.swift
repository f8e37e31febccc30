/// Copies the rows of a batch out of data sets.
struct BatchGatherer {
  let feeds: [Feed]
  let batchSize: Int
  let seed: UInt64
  private var orders: [(epoch: Int, order: EpochOrder)?]

  init(_ feeds: [Feed], batchSize: Int, seed: UInt64) {
    self.feeds = feeds
    self.batchSize = batchSize
    self.seed = seed
    orders = feeds.map { _ in nil }
  }

  /// Batch `number`.
  mutating func batch(_ number: Int) throws -> StoredBatch {
    var columns: [StoredColumn] = []
    for (index, feed) in feeds.enumerated() {
      try feed.data.checkUnchanged()
      let places = places(of: index, number)
      columns += feed.rows(at: places) { view, row in
        CounterRandom(
          seed: seed, stream: Self.viewStream &+ UInt64(index) << 48 &+ UInt64(view) << 40,
          index: number * batchSize + row)
      }
    }
    return StoredBatch(number: number, count: batchSize, columns: columns)
  }

  /// Which rows of set `index` make batch `number`: sets of different sizes begin their epochs at different batches.
  private mutating func places(of index: Int, _ number: Int) -> [Int] {
    let count = feeds[index].data.count
    let (epoch, place) = number.quotientAndRemainder(dividingBy: count / batchSize)
    let order =
      orders[index].flatMap { $0.epoch == epoch ? $0.order : nil }
      ?? EpochOrder(count: count, seed: seed, epoch: epoch, set: index)
    orders[index] = (epoch, order)
    return order.indices[(place * batchSize)..<((place + 1) * batchSize)].map(Int.init)
  }

  /// A stream apart from those that draw samples and orders under the same seed.
  private static let viewStream: UInt64 = 0x76_6965_77
}
