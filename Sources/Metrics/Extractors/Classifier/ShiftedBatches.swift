import Datasets
import Samples
import Torch

/// Batches of chosen samples in another order each epoch, each sample moved by up to a pixel in 14 along both axes, the
/// pixels at its edges repeated: what a classifier learns from. A pure function of seed and batch number.
package struct ShiftedBatches {
  let data: Dataset
  /// The samples that are used.
  let indices: [Int]
  let batchSize: Int
  let seed: UInt64
  private var order: (epoch: Int, places: [Int32])?

  /// Batches of the samples `indices` of `data`.
  package init(_ data: Dataset, indices: [Int], batchSize: Int, seed: UInt64) {
    self.data = data
    self.indices = indices
    self.batchSize = batchSize
    self.seed = seed
  }

  /// Batch `number`: pictures `[N, C, H, W]` in [-1, 1], float32, and their classes `[N]`, int64.
  package mutating func batch(_ number: Int) throws -> (images: Tensor, labels: Tensor) {
    try data.checkUnchanged()
    let (epoch, place) = number.quotientAndRemainder(dividingBy: indices.count / batchSize)
    let places = places(epoch)
    let chosen = (0..<batchSize).map { indices[Int(places[place * batchSize + $0])] }
    let bytes = AlignedBytes(count: batchSize * data.bytesPerSample) { target in
      data.withUnsafeBytes { samples in
        for (row, index) in chosen.enumerated() {
          var random = CounterRandom(seed: seed, stream: 0x7368696674, index: number * batchSize + row)
          let reach = max(min(data.shape.height, data.shape.width) / 14, 1)
          let (down, right) = (random.below(2 * reach + 1) - reach, random.below(2 * reach + 1) - reach)
          copy(
            samples[(index * data.bytesPerSample)...], to: target[(row * data.bytesPerSample)...], down: down,
            right: right)
        }
      }
    }
    let images = bytes.withUnsafeBytes {
      data.images.format.domain.tensor($0, count: batchSize)
    }
    return (images, Tensor(chosen.map { Int(data.labels?[$0] ?? 0) }))
  }

  private mutating func places(_ epoch: Int) -> [Int32] {
    if let order, order.epoch == epoch { return order.places }
    let places = EpochOrder(count: indices.count, seed: seed, epoch: epoch).indices
    order = (epoch, places)
    return places
  }

  /// Copies a sample so that each pixel comes to lie `down` rows and `right` columns further.
  private func copy(
    _ source: Slice<UnsafeRawBufferPointer>, to target: Slice<UnsafeMutableRawBufferPointer>, down: Int, right: Int
  ) {
    let (height, width) = (data.shape.height, data.shape.width)
    let pixel = data.shape.channels * data.element.size
    let source = UnsafeRawBufferPointer(rebasing: source)
    let target = UnsafeMutableRawBufferPointer(rebasing: target)
    func move(_ from: Int, _ to: Int, pixels: Int) {
      let part = UnsafeRawBufferPointer(rebasing: source[(from * pixel)..<((from + pixels) * pixel)])
      UnsafeMutableRawBufferPointer(rebasing: target[(to * pixel)...]).copyMemory(from: part)
    }
    for row in 0..<height {
      let (from, to) = (min(max(row - down, 0), height - 1) * width, row * width)
      if right >= 0 {
        for column in 0..<right { move(from, to + column, pixels: 1) }
        move(from, to + right, pixels: width - right)
      } else {
        move(from - right, to, pixels: width + right)
        for column in (width + right)..<width { move(from + width - 1, to + column, pixels: 1) }
      }
    }
  }
}
