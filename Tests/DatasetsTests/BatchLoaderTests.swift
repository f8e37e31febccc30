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

  private func samples(_ batch: StoredBatch) -> [UInt8] {
    batch["images"]?.withUnsafeBytes { Array($0) } ?? []
  }

  private func labels(_ batch: StoredBatch) -> [Int32] {
    batch["classes"]?.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } ?? []
  }

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
      #expect(labels(batch) == samples(batch).map(Int32.init))
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

  /// Computed by an implementation of its own, in Python: SplitMix64 and the shuffle of Fisher and Yates.
  @Test func `the order of samples is that of earlier versions`() throws {
    let folder = try TemporaryFolder()
    let data = try numbered(50, in: folder)
    let loader = try BatchLoader(data, batchSize: 8, seed: 3)
    #expect(try samples(loader.next()) == [49, 43, 46, 42, 26, 13, 18, 36])
    loader.seek(to: 11)
    #expect(try samples(loader.next()) == [17, 5, 24, 40, 15, 32, 10, 2])
    let second = try BatchLoader(
      [Feed(data), Feed(data, columns: ["images": "target"])], batchSize: 8, seed: 3
    ).next()
    #expect(second["target"]?.withUnsafeBytes { Array($0) } == [2, 34, 5, 28, 4, 38, 33, 19])
  }

  @Test func `several sets are shuffled each on its own, and none waits for another`() throws {
    let folder = try TemporaryFolder()
    let horses = try numbered(20, in: folder)
    let shape = SampleShape(channels: 1, height: 1, width: 1)
    let zebras = try Dataset(name: "zebras", columns: [.pictures((100..<131).map { UInt8($0) }, shape)])
    let feeds = try [Feed(horses, columns: ["images": "images"]), Feed(zebras, columns: ["images": "target"])]
    let loader = try BatchLoader(feeds, batchSize: 4, seed: 6)
    #expect(loader.batchesPerEpoch == 7 && loader.columns.map(\.name) == ["images", "target"])
    let batches = try (0..<35).map { _ in try loader.next() }
    func column(_ name: String, _ range: Range<Int>) -> [UInt8] {
      batches[range].flatMap { $0[name]?.withUnsafeBytes { Array($0) } ?? [] }
    }
    // Each epoch of 5 batches has every horse; each of 7 has 28 of the 31 zebras.
    for epoch in 0..<7 { #expect(Set(column("images", (5 * epoch)..<(5 * epoch + 5))).count == 20) }
    for epoch in 0..<5 { #expect(Set(column("target", (7 * epoch)..<(7 * epoch + 7))).count == 28) }
    // The first set's order is what it is alone.
    let alone = try BatchLoader(horses, batchSize: 4, seed: 6)
    for batch in batches { #expect(try samples(alone.next()) == samples(batch)) }
    let other = try BatchLoader(feeds, batchSize: 4, seed: 6, firstBatch: 17)
    let batch = try other.next()
    #expect(batch.number == 17 && batch["target"]?.withUnsafeBytes { Array($0) } == column("target", 17..<18))
  }

  @Test func `feeds that cannot be are refused`() throws {
    let folder = try TemporaryFolder()
    let data = try numbered(20, in: folder)
    func refusal(_ feeds: () throws -> [Feed]) -> String? {
      sentence { _ = try BatchLoader(try feeds(), batchSize: 4, seed: 6) }
    }
    #expect(refusal { [try Feed(data), try Feed(data)] }?.contains("two data sets have a column 'images'") == true)
    #expect(refusal { [] }?.contains("at least one data set") == true)
    let missing = refusal { [try Feed(data, columns: ["depth": "images"])] }
    #expect(missing?.contains("there is no column 'depth'; the data set has images, classes") == true)
  }

  @Test func `fewer samples than a batch are refused with both numbers`() throws {
    let folder = try TemporaryFolder()
    let dataset = try numbered(1, in: folder)
    let message = try #require(sentence { _ = try BatchLoader(dataset, batchSize: 64, seed: 1) })
    #expect(message.contains("1 sample is fewer than a batch of 64; add samples, or lower the batch size to 1 or less"))
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
