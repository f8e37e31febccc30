import Datasets
import Foundation
import Metrics
import Testing
import Torch

@Suite struct EncoderTests {
  /// Eq. 1 of Chen et al. 2020, in loops: of views z, the mean over all i of −log of exp(s(i, j)/τ) over the sum of
  /// exp(s(i, k)/τ) over all k but i, where j is the other view of the same picture and s the cosine.
  @Test func theLossIsThatOfThePaper() throws {
    let (count, size, temperature) = (10, 4, 0.2)
    let numbers = (0..<(count * size)).map { sin(1.7 * Double($0)) + 0.3 * cos(0.4 * Double($0 * $0)) }
    func cosine(_ a: Int, _ b: Int) -> Double {
      let (x, y) = (numbers[(a * size)..<((a + 1) * size)], numbers[(b * size)..<((b + 1) * size)])
      let norms = [x, y].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      return zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / (norms[0] * norms[1])
    }
    let losses = (0..<count).map { i in
      let others = (0..<count).filter { $0 != i }.reduce(0) { $0 + exp(cosine(i, $1) / temperature) }
      return -log(exp(cosine(i, (i + count / 2) % count) / temperature) / others)
    }
    let loss = EncoderTraining.contrast(Tensor(numbers, shape: [count, size])).item
    #expect(abs(loss - losses.reduce(0, +) / Double(count)) < 1e-9)
  }

  @Test func itLearnsKindsWithoutLabels() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder).load(.train, labelled: false)
      var losses: [Double] = []
      let encoder = try EncoderTraining(data, steps: 60, seed: 3)() { losses.append($0.loss) }
      #expect(losses.count == 60)
      #expect(losses[50...].reduce(0, +) < 0.95 * losses[..<10].reduce(0, +))
      #expect(encoder.name == "encoder (train-images-idx3-ubyte)" && encoder.origin.dataFingerprint == data.fingerprint)
      let features = try encoder(data.samples(0..<200))
      #expect(features.values.shape == [200, 128] && features.logits == nil)
      let again = try EncoderTraining(data, steps: 60, seed: 3)()
      #expect(again.fingerprint == encoder.fingerprint)
      #expect(try EncoderTraining(data, steps: 60, seed: 4)().fingerprint != encoder.fingerprint)
    }
  }

  @Test func theCacheKeepsOneForEachTraining() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let (train, test) = (try toys.load(.train, labelled: false), try toys.load(.test, labelled: false))
      let cache = ExtractorCache(toys.options)
      var steps = 0
      func encoder(_ data: Dataset, seed: UInt64 = 1) throws -> PictureEncoder {
        try cache.encoder(EncoderTraining(data, steps: 3, seed: seed)) { _ in steps += 1 }
      }
      let first = try encoder(train)
      #expect(try encoder(train).fingerprint == first.fingerprint && steps == 3)
      let pictures = try train.samples(0..<4)
      #expect(try encoder(train)(pictures).values.isIdentical(to: first(pictures).values))
      #expect(try encoder(test).fingerprint != first.fingerprint && steps == 6)
      #expect(try encoder(train, seed: 2).fingerprint != first.fingerprint && steps == 9)
      let files = try FileManager.default.contentsOfDirectory(atPath: cache.folder)
      #expect(files.count == 3)
      for file in files { try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(cache.folder)/\(file)")) }
      let error = #expect(throws: (any Error).self) { try encoder(train) }
      #expect("\(String(describing: error))".contains("remove the file"))
    }
  }

  /// A minute of training is not lost to a folder that cannot be made.
  @Test func aCacheThatCannotBeMadeIsSaidBeforeTraining() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let train = try toys.load(.train, labelled: false)
      try Data("no folder".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
      let cache = ExtractorCache(LoadOptions(environment: ["XDG_CACHE_HOME": folder + "/file"]))
      var steps = 0
      let error = #expect(throws: (any Error).self) {
        try cache.encoder(EncoderTraining(train, steps: 3)) { _ in steps += 1 }
      }
      #expect(steps == 0 && "\(String(describing: error))".contains(folder + "/file"))
    }
  }

  @Test func whatCannotBeLearntFromIsRefused() throws {
    let points = try DataSource("ring8").load(.train)
    #expect(throws: MetricError.self) { try EncoderTraining(points) }
    let shape = SampleShape(channels: 1, height: 8, width: 8)
    let single = try Dataset(name: "one", columns: [.pictures([UInt8](repeating: 3, count: 64), shape)])
    let error = #expect(throws: MetricError.self) { try EncoderTraining(single) }
    #expect(error?.description.contains("a single picture") == true)
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let encoder = try EncoderTraining(toys.load(.train), steps: 1)()
      let other = #expect(throws: MetricError.self) { try encoder(.zeros([2, 3, 12, 12])) }
      #expect(other?.description.contains("needs pictures of") == true)
    }
  }

  /// A view depends on its own picture and place alone; grey pictures keep their side, coloured ones need not.
  @Test func viewsShowPartsOfPictures() {
    for channels in [1, 3] {
      let images = waves([6, channels, 12, 12])
      func views(_ images: Tensor) -> Tensor { PictureViews()(images, using: RandomStream(seed: 5)) }
      let all = views(images)
      #expect(all.shape == images.shape && all.isFinite && !all.isIdentical(to: images))
      #expect(views(images[0..<2]).isIdentical(to: all[0..<2]))
      // Of one even colour nothing but its light changes.
      let even = views(.full([4, channels, 8, 8], 0.25))
      #expect(even.variance(axes: [2, 3]).max().item < 1e-10)
    }
  }
}
