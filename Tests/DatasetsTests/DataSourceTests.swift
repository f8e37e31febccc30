import Datasets
import Foundation
import Testing

/// What `--data` says.
struct DataSourceTests {
  @Test(arguments: [
    ("digit", "did you mean 'digits'?"), ("fashionmnist", "'fashion-mnist'"), ("minst:folder", "'mnist'"),
    ("digits:folder", "has no folder"), ("mnist:", "the folder is missing"),
    ("no/such/folder", "no such file or folder"),
  ])
  func `what is no source is refused`(text: String, reason: String) throws {
    #expect(try #require(sentence { _ = try DataSource(text) }).contains(reason))
  }

  @Test func `a picture alone is no data set`() throws {
    let message = try #require(sentence { _ = try DataSource(TemporaryFolder.fixture("Pictures/rgb.png")) })
    #expect(message.contains("single picture"))
  }

  @Test func `options that do not apply are refused`() throws {
    let folder = try TemporaryFolder()
    var options = folder.options
    options.size = (8, 8)
    #expect(
      try #require(sentence { _ = try DataSource("ring8").load(.train, options: options) }).contains("neither size"))
    options.size = (0, 8)
    #expect(try #require(sentence { _ = try DataSource("ring8").load(.train, options: options) }).contains("0x8"))
    options = folder.options
    options.classesFromFolders = true
    #expect(try #require(sentence { _ = try DataSource("ring8").load(.train, options: options) }).contains("folder"))
  }

  @Test(arguments: [("ring8", 8), ("grid25", 25)])
  func mixtures(name: String, modes: Int) throws {
    let folder = try TemporaryFolder()
    let dataset = try DataSource(name).load(.test, options: folder.options)
    #expect(dataset.kind == .points)
    #expect(dataset.element == .float32)
    #expect(dataset.shape == SampleShape(channels: 2, height: 1, width: 1))
    #expect(dataset.count == 10000)
    #expect(dataset.classCount == modes)
    let summary = DatasetSummary(dataset)
    #expect(summary.channels.allSatisfy { abs($0.mean) < 0.05 && $0.deviation > 0.2 && $0.deviation < 1 })
  }

  @Test func `the drawn digits, stacked`() throws {
    let folder = try TemporaryFolder()
    let digits = try DataSource("digits").load(.test, options: folder.options)
    #expect(digits.shape == SampleShape(channels: 1, height: 28, width: 28))
    #expect(digits.count == 10000)
    #expect(digits.classNames == (0...9).map(String.init))
    #expect(digits.withUnsafeBytes { Array($0[..<784]) } == Digits.render(0..<1, split: .test).pixels)
    let stacked = try DataSource("stacked-digits").load(.test, options: folder.options)
    #expect(stacked.shape == SampleShape(channels: 3, height: 28, width: 28))
    #expect(stacked.count == 10000)
    #expect(stacked.classCount == 1000)
    let labels = try #require(stacked.labels)
    #expect(Set(labels).count > 990)
    // Each channel is a digit of the class that the label's place names.
    let byPixels = Dictionary(
      zip((0..<10000).map { index in digits.withUnsafeBytes { Array($0[(784 * index)..<(784 * index + 784)]) } }, 0...),
      uniquingKeysWith: { first, _ in first })
    for index in [0, 1, 4321, 9999] {
      let sample = stacked.withUnsafeBytes { Array($0[(2352 * index)..<(2352 * (index + 1))]) }
      let places = [labels[index] / 100, labels[index] / 10 % 10, labels[index] % 10]
      for channel in 0..<3 {
        let plane = stride(from: channel, to: 2352, by: 3).map { sample[$0] }
        let digit = try #require(byPixels[plane])
        #expect(digits.labels?[digit] == places[channel])
      }
    }
  }

  @Test func `a summary counts, averages and finds duplicates`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(idx([4, 1, 2], [0, 255, 0, 0, 0, 255, 255, 255]), to: "train-images-idx3-ubyte")
    try folder.write(idx([4], [2, 0, 2, 2]), to: "train-labels-idx1-ubyte")
    let summary = DatasetSummary(try DataSource(path).load(.train, options: folder.options))
    #expect(summary.count == 4)
    #expect(summary.classCounts == [1, 0, 3])
    #expect(abs((summary.channels.first?.mean ?? 9)) < 1e-12)
    #expect(abs((summary.channels.first?.deviation ?? 9) - 1) < 1e-12)
    #expect(summary.duplicates.count == 1)
    #expect(summary.duplicates.example?.first == 0)
    #expect(summary.duplicates.example?.second == 2)
  }
}
