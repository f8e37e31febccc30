import Datasets
import Testing

/// The official binary format of CIFAR-10.
struct CIFAR10Tests {
  private func record(_ label: UInt8, _ planes: [UInt8]) -> [UInt8] {
    [label] + planes.flatMap { [UInt8](repeating: $0, count: 1024) }
  }

  private func write(into folder: TemporaryFolder) throws {
    for number in 1...5 {
      try folder.write(record(UInt8(number), [10, 20, UInt8(number)]), to: "data_batch_\(number).bin")
    }
    try folder.write(record(9, [1, 2, 3]) + record(0, [4, 5, 6]), to: "test_batch.bin")
  }

  @Test func `records become interleaved pictures with labels`() throws {
    let folder = try TemporaryFolder()
    try write(into: folder)
    let source = try DataSource("cifar10:" + folder.path)
    let train = try source.load(.train, options: folder.options)
    #expect(train.count == 5)
    #expect(train.labels == [1, 2, 3, 4, 5])
    #expect(train.shape == SampleShape(channels: 3, height: 32, width: 32))
    #expect(Array(train.allBytes[3072..<3075]) == [10, 20, 2])
    let test = try source.load(.test, options: folder.options)
    #expect(test.labels == [9, 0])
    #expect(test.classNames?[9] == "truck")
    #expect(Array(test.allBytes.suffix(3)) == [4, 5, 6])
  }

  @Test(arguments: [
    ([UInt8](repeating: 0, count: 3000), "not a whole number of records"), ([10], "not a whole number"),
    ([], "not a whole number"),
  ])
  func `a bad batch is refused`(bytes: [UInt8], reason: String) throws {
    let folder = try TemporaryFolder()
    try write(into: folder)
    try folder.write(bytes, to: "data_batch_3.bin")
    let source = try DataSource("cifar10:" + folder.path)
    let message = try #require(sentence { _ = try source.load(.train, options: folder.options) })
    #expect(message.contains("data_batch_3.bin"))
    #expect(message.contains(reason))
  }

  @Test func `a label beyond the classes is refused`() throws {
    let folder = try TemporaryFolder()
    try write(into: folder)
    try folder.write(record(10, [0, 0, 0]), to: "test_batch.bin")
    let message = try #require(
      sentence { _ = try DataSource("cifar10:" + folder.path).load(.test, options: folder.options) })
    #expect(message.contains("label 10 is too large for 10 classes"))
  }
}
