import Datasets
import Foundation
import Testing

/// Real data sets beside the checkout.
private enum SharedData {
  static let folder = URL(fileURLWithPath: #filePath + "/../../../../shared/data").standardizedFileURL.path

  static func has(_ set: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + set) }
}

/// Every kind of source on real data.
struct SharedDataTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    let source: String
    let train: Int
    let test: Int
    let shape: SampleShape
    let classes: Int?
    var size: (width: Int, height: Int)?
    /// The mean of the first channel in [-1, 1], measured with NumPy.
    var mean: Double?

    var testDescription: String { source }
  }

  @Test(.enabled(if: SharedData.has("facades"), "no facades in ../shared/data"))
  func `facades are pairs of label maps and photos`() throws {
    let folder = try TemporaryFolder()
    var options = folder.options
    (options.sides, options.size) = (Sides(.bToA), (72, 72))
    let source = try DataSource(SharedData.folder + "/facades")
    let (train, test) = (try source.load(.train, options: options), try source.load(.test, options: options))
    // Tests are judged on 401-500.
    #expect((train.count, test.count) == (400, 100))
    #expect(
      train.notices.contains { $0.hasSuffix("500 pairs of halves, 256x256; 400 to train on, the last 100 held out") })
    #expect(train.columns.map(\.name) == ["images", "target"])
    #expect(train["target"]?.format == .pictures(SampleShape(channels: 3, height: 72, width: 72)))
    // Label maps have few colours, and blue is the commonest: the facade itself.
    let map = train.images.withRows(0..<1) { Array($0) }
    #expect(stride(from: 0, to: map.count, by: 3).count { map[$0 + 2] > map[$0] } > map.count / 3 / 2)
    let views: [any RowView] = [RandomCrop(width: 64, height: 64), HorizontalFlip()]
    let batch = try BatchLoader(train, batchSize: 4, seed: 1, views: views).next()
    #expect(batch["target"]?.format.shape == [64, 64, 3] && batch["target"]?.count == 4)
  }

  @Test(
    .enabled(if: SharedData.has("facades") && SharedData.has("unpaired-fixture"), "no pictures in ../shared/data"),
    arguments: [
      ("facades", Arrangement.pairs(.halves)), ("unpaired-fixture", .collections), ("sr/bsd100", .single),
      ("crawl-tiles", .single),
    ])
  func `a look at real pictures finds how they lie`(set: String, arrangement: Arrangement) throws {
    let folder = try TemporaryFolder()
    #expect(try DataSource(SharedData.folder + "/" + set).arrangement(folder.options) == arrangement)
  }

  @Test(
    .enabled(if: SharedData.has("mnist") && SharedData.has("cifar10"), "no data in ../shared/data"),
    arguments: [
      Expectation(
        source: "mnist:mnist", train: 60000, test: 10000, shape: SampleShape(channels: 1, height: 28, width: 28),
        classes: 10, mean: 2 * 0.1307 - 1),
      Expectation(
        source: "fashion-mnist:fashion-mnist", train: 60000, test: 10000,
        shape: SampleShape(channels: 1, height: 28, width: 28), classes: 10, mean: 2 * 0.2860 - 1),
      Expectation(
        source: "stacked-mnist:mnist", train: 60000, test: 10000,
        shape: SampleShape(channels: 3, height: 28, width: 28),
        classes: 1000, mean: 2 * 0.1307 - 1),
      Expectation(
        source: "cifar10:cifar10", train: 20000, test: 1000, shape: SampleShape(channels: 3, height: 32, width: 32),
        classes: 10, mean: 2 * 0.491 - 1),
      Expectation(
        source: "crawl-tiles", train: 4249, test: 4249, shape: SampleShape(channels: 3, height: 32, width: 32),
        classes: nil),
      Expectation(
        source: "facades", train: 500, test: 500, shape: SampleShape(channels: 3, height: 32, width: 64),
        classes: nil, size: (64, 32)),
      Expectation(
        source: "sr/bsd100", train: 100, test: 100, shape: SampleShape(channels: 3, height: 48, width: 48),
        classes: nil, size: (48, 48)),
      Expectation(
        source: "unpaired-fixture", train: 6, test: 6, shape: SampleShape(channels: 3, height: 64, width: 64),
        classes: nil, size: (64, 64)),
    ])
  func `real data load`(expected: Expectation) throws {
    let folder = try TemporaryFolder()
    let parts = expected.source.split(separator: ":").map(String.init)
    let path = SharedData.folder + "/" + (parts.last ?? "")
    let source = try DataSource(parts.count == 2 ? "\(parts[0]):\(path)" : path)
    var options = folder.options
    options.size = expected.size
    for (split, count) in [(Split.train, expected.train), (.test, expected.test)] {
      let dataset = try source.load(split, options: options)
      #expect(dataset.count == count)
      #expect(dataset.shape == expected.shape)
      #expect(dataset.classCount == expected.classes)
      #expect(dataset.unreadable.isEmpty)
      #expect(try source.load(split, options: options).fingerprint == dataset.fingerprint)
      if let mean = expected.mean, split == .train {
        let total = dataset.withUnsafeBytes { bytes in
          stride(from: 0, to: bytes.count, by: dataset.shape.channels).reduce(0) { $0 + Int(bytes[$1]) }
        }
        let pixels = dataset.count * dataset.shape.height * dataset.shape.width
        #expect(abs(Double(total) / Double(pixels) / 127.5 - 1 - mean) < 0.004)
      }
    }
  }
}
