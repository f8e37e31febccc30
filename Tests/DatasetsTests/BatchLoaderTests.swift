import Datasets
import Foundation
import Testing

/// The order of batches, seeking, and what is refused.
struct BatchLoaderTests {
  /// `count` samples of one pixel, each its own number.
  private func numbered(_ count: Int, in folder: TemporaryFolder) throws -> Dataset {
    try folder.write(idx([count, 1, 1], (0..<count).map { UInt8($0) }), to: "train-images-idx3-ubyte")
    try folder.write(idx([count], (0..<count).map { UInt8($0) }), to: "train-labels-idx1-ubyte")
    return try DataSource(folder.path + "/train-images-idx3-ubyte").load(.train, options: folder.options)
  }

  private func samples(_ batch: StoredBatch) -> [UInt8] { batch.bytes.withUnsafeBytes { Array($0) } }

  @Test func `an epoch is a permutation without the rest, and each epoch another`() throws {
    let folder = try TemporaryFolder()
    let loader = try BatchLoader(numbered(50, in: folder), batchSize: 8, seed: 3)
    #expect(loader.batchesPerEpoch == 6)
    let epochs = try (0..<3).map { _ in try (0..<6).flatMap { _ in samples(try loader.next()) } }
    for epoch in epochs { #expect(Set(epoch).count == 48) }
    #expect(Set(epochs).count == 3)
  }

  @Test func `batches carry their number and labels`() throws {
    let folder = try TemporaryFolder()
    let loader = try BatchLoader(numbered(20, in: folder), batchSize: 7, seed: 3, firstBatch: 4)
    for number in 4..<9 {
      let batch = try loader.next()
      #expect(batch.number == number)
      #expect(batch.count == 7)
      #expect(batch.labels == samples(batch).map(Int32.init))
    }
  }

  @Test(arguments: [1, 2, 5])
  func `a batch depends on seed and number alone`(prefetch: Int) throws {
    let folder = try TemporaryFolder()
    let dataset = try numbered(40, in: folder)
    let straight = try BatchLoader(dataset, batchSize: 6, seed: 9)
    let batches = try (0..<20).map { _ in samples(try straight.next()) }
    let other = try BatchLoader(dataset, batchSize: 6, seed: 9, firstBatch: 13, prefetch: prefetch)
    #expect(try samples(other.next()) == batches[13])
    for number in [2, 19, 0, 0, 7] {
      other.seek(to: number)
      let batch = try other.next()
      #expect(batch.number == number)
      #expect(samples(batch) == batches[number])
    }
    #expect(try samples(other.next()) == batches[8])
    let seeded = try BatchLoader(dataset, batchSize: 6, seed: 10)
    #expect(try samples(seeded.next()) != batches[0])
  }

  @Test func `fewer samples than a batch are refused with both numbers`() throws {
    let folder = try TemporaryFolder()
    let dataset = try numbered(1, in: folder)
    let message = try #require(sentence { _ = try BatchLoader(dataset, batchSize: 64, seed: 1) })
    #expect(message.contains("1 sample is fewer than a batch of 64; add samples or take a batch of 1"))
  }

  @Test func `a released loader ends its thread`() throws {
    let folder = try TemporaryFolder()
    weak var dataset: Dataset?
    var loader: BatchLoader?
    do {
      let numbers = try numbered(10, in: folder)
      (dataset, loader) = (numbers, try BatchLoader(numbers, batchSize: 2, seed: 1))
    }
    _ = try loader?.next()
    // The thread alone holds the data set now.
    #expect(dataset != nil)
    loader = nil
    let deadline = Date(timeIntervalSinceNow: 10)
    while dataset != nil && Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
    #expect(dataset == nil)
  }

  @Test func `a file that is cut short meanwhile is an error, no crash`() throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (20000, 1, 1), }\n"
    let path = try folder.write(npy(header) + [UInt8](repeating: 7, count: 20000), to: "a.npy")
    let dataset = try DataSource(path).load(.train, options: folder.options)
    let loader = try BatchLoader(dataset, batchSize: 10000, seed: 1, prefetch: 1)
    _ = try loader.next()
    // The thread is at rest when the next batch is ready.
    Thread.sleep(forTimeInterval: 0.2)
    #expect(truncate(path, 100) == 0)
    let message = sentence { for _ in 0..<3 { _ = try loader.next() } }
    #expect(message?.contains("a.npy: the file had") == true)
  }
}
