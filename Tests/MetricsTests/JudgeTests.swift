import Datasets
import Foundation
import Metrics
import Samples
import Testing
import Torch

@Suite struct JudgeTests {
  /// Samples that are handed over in batches of a given size.
  private struct Samples: SampleStream {
    let images: Tensor
    var batch = 7
    var count: Int { images.size(0) }
    var shape: SampleShape { SampleShape(channels: images.size(1), height: images.size(2), width: images.size(3)) }

    func forEachBatch(_ body: (Tensor) throws -> Void) throws {
      for start in stride(from: 0, to: count, by: batch) { try body(images[start..<min(start + batch, count)]) }
    }
  }

  private let shape = SampleShape(channels: 1, height: 4, width: 3)

  private func noise(_ count: Int, seed: UInt64 = 1) throws -> Dataset {
    try Dataset.noise(shape: shape, count: count, seed: seed)
  }

  private func judged(
    _ images: Tensor, _ metrics: [Metric], training: Dataset, heldOut: Dataset? = nil, batch: Int = 7
  ) throws -> Judgement {
    let pixels = PixelFeatures(shape)
    let judge = Judge(
      try Reference(training, pixels), pixels, metrics, training: training, heldOut: heldOut, seed: 1)
    return try judge(Samples(images: images, batch: batch))
  }

  private let all: [Metric] = [
    .recall, .fid, .precision, .slicedWasserstein, .kid, .density, .coverage, .diversity, .memorisation,
  ]

  @Test func trainingDataThemselvesAreJudgedAsCopies() throws {
    let data = try noise(60)
    let judgement = try judged(data.samples(0..<60), all, training: data, heldOut: noise(30, seed: 2))
    #expect(judgement.scores.map(\.metric) == all)
    let values = Dictionary(uniqueKeysWithValues: judgement.scores.map { ($0.metric, $0.score.value) })
    #expect(abs(values[.fid] ?? 1) < 1e-9 && values[.slicedWasserstein] == 0 && values[.memorisation] == 1)
    #expect(values[.precision] == 1 && values[.recall] == 1 && values[.coverage] == 1)
    #expect(judgement.pairs?.map(\.trainingRow) == Array(0..<60))
    #expect(judgement.observations.exampleClasses == nil && judgement.observations.examples.size(0) == 60)
  }

  /// Values do not depend on how samples are handed over, to rounding.
  @Test(arguments: [1, 13, 1000]) func batchesDoNotMatter(batch: Int) throws {
    let (data, other) = (try noise(50), try noise(40, seed: 3))
    let once = try judged(other.samples(0..<40), all, training: data, heldOut: noise(30, seed: 2))
    let again = try judged(other.samples(0..<40), all, training: data, heldOut: noise(30, seed: 2), batch: batch)
    for (a, b) in zip(once.scores, again.scores) {
      #expect(abs(a.score.value - b.score.value) < 1e-9, "\(a.metric)")
      #expect(a.score.realCount == b.score.realCount && a.score.fakeCount == b.score.fakeCount, "\(a.metric)")
    }
  }

  @Test func whatCannotBeJudgedIsSaid() throws {
    let data = try noise(20)
    let images = try data.samples(0..<20)
    let one = sentence { _ = try judged(images[0..<1], [.fid], training: data) }
    #expect(one?.contains("at least two") == true)
    let wide = sentence { _ = try judged(images.reshaped(20, 1, 3, 4), [.fid], training: data) }
    #expect(wide?.contains("1x4x3") == true, "\(wide ?? "")")
    let spoilt = images.clone()
    spoilt[11].fill(.nan)
    let error = sentence { _ = try judged(spoilt, [.fid], training: data) }
    #expect(error?.contains("sample 11") == true, "\(error ?? "")")
  }

  /// Samples that are drawn are all different and stand in no order, all of them too: a folder stands class by class.
  @Test(arguments: [30, 100, 300]) func samplesAreDrawnWithoutRepetitionInAnyOrder(count: Int) throws {
    let data = try noise(100)
    let samples = DatasetSamples(data, count: count, seed: 4)
    var pictures: [[UInt8]] = []
    try samples.forEachBatch { batch in
      for index in 0..<batch.size(0) { pictures.append(((batch[index] + 1) * 127.5).rounded().array(of: UInt8.self)) }
    }
    #expect(pictures.count == min(count, 100) && samples.count == pictures.count)
    let stored = data.withUnsafeBytes { bytes in (0..<100).map { Array(bytes[($0 * 12)..<($0 * 12 + 12)]) } }
    #expect(Set(pictures).count == pictures.count && Set(pictures).isSubset(of: stored))
    #expect(pictures != Array(stored.prefix(pictures.count)))
  }
}

@Suite struct ReferenceTests {
  @Test func theCacheGivesBackWhatWasMade() throws {
    try withFolder { folder in
      let data = try Dataset.noise(shape: SampleShape(channels: 3, height: 4, width: 4), count: 30)
      let (cache, pixels) = (ReferenceCache(cacheFolder: folder), PixelFeatures(data.shape))
      #expect(!cache.holds(data, pixels))
      var told = 0
      let made = try cache.reference(data, pixels, progress: { done, _ in told = done })
      #expect(cache.holds(data, pixels) && told == 30)
      let found = try cache.reference(data, pixels, progress: { _, _ in Issue.record("made twice") })
      #expect(found.statistics.mean.isIdentical(to: made.statistics.mean))
      #expect(found.statistics.covariance.isIdentical(to: made.statistics.covariance))
      #expect(found.root.isIdentical(to: made.root) && found.features.isIdentical(to: made.features))
      #expect(found.count == 30 && found.data == made.data && found.histogram == nil && !found.isStacked)
      let other = try Dataset.noise(shape: data.shape, count: 30, seed: 2)
      #expect(!cache.holds(other, pixels))
    }
  }

  @Test func aDamagedFileIsSaidAndMadeAnew() throws {
    try withFolder { folder in
      let data = try Dataset.noise(shape: SampleShape(channels: 1, height: 4, width: 4), count: 30)
      let (cache, pixels) = (ReferenceCache(cacheFolder: folder), PixelFeatures(data.shape))
      let made = try cache.reference(data, pixels)
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/references").first)
      let file = try #require(FileHandle(forUpdatingAtPath: folder + "/references/" + name))
      try file.seek(toOffset: try file.seekToEnd() - 3)
      try file.write(contentsOf: [1, 2, 3])
      try file.close()
      var errors: [String] = []
      let found = try cache.reference(data, pixels, unsaved: { errors.append("\($0)") })
      #expect(errors.count == 1 && errors[0].contains("damaged"))
      #expect(found.features.isIdentical(to: made.features))
      _ = try cache.reference(data, pixels, unsaved: { Issue.record("\($0)") })
    }
  }

  @Test func classesAreCounted() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let (train, test) = (try toys.load(.train), try toys.load(.test))
      let classifier = try ClassifierTraining(train, test: test, steps: 60)()
      let reference = try Reference(train, classifier)
      #expect(reference.histogram?.counts.count == 3 && reference.histogram?.total == 200)
      let judge = Judge(
        reference, classifier, SuitedMetrics(train, reference, hasHeldOut: true).all, training: train, heldOut: test,
        seed: 1)
      let judgement = try judge(DatasetSamples(test))
      #expect(judgement.scores.contains { $0.metric == .classKL && $0.score.value < 0.1 })
      #expect(judgement.scores.contains { $0.metric == .inceptionScore && $0.score.value > 1 })
      #expect(judgement.observations.exampleClasses?.count == 90)
    }
  }
}
