/// Copies the rows of a batch out of a data set.
struct BatchGatherer {
  let dataset: Dataset
  let batchSize: Int
  let seed: UInt64
  var order: (epoch: Int, order: EpochOrder)?

  /// Batch `number`.
  mutating func batch(_ number: Int) throws -> StoredBatch {
    try dataset.checkUnchanged()
    let batchesPerEpoch = dataset.count / batchSize
    let (epoch, place) = number.quotientAndRemainder(dividingBy: batchesPerEpoch)
    if order?.epoch != epoch {
      order = (epoch, EpochOrder(count: dataset.count, seed: seed, epoch: epoch))
    }
    let chosen = order?.order.indices[(place * batchSize)..<((place + 1) * batchSize)] ?? []
    let size = dataset.bytesPerSample
    let bytes = AlignedBytes(count: batchSize * size) { target in
      dataset.withUnsafeBytes { samples in
        for (row, index) in chosen.enumerated() {
          let source = UnsafeRawBufferPointer(rebasing: samples[(Int(index) * size)..<((Int(index) + 1) * size)])
          UnsafeMutableRawBufferPointer(rebasing: target[(row * size)...]).copyMemory(from: source)
        }
      }
    }
    return StoredBatch(
      number: number, count: batchSize, shape: dataset.shape, element: dataset.element, bytes: bytes,
      labels: dataset.labels.map { labels in chosen.map { labels[Int($0)] } })
  }
}
