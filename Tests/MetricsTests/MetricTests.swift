import Datasets
import Foundation
import Metrics
import Samples
import Testing
import Torch

@Suite struct MetricTests {
  private static let names = [
    "fid", "kid", "is", "precision", "recall", "density", "coverage", "swd", "class-kl", "modes", "mode-kl", "quality",
    "spread", "diversity", "memorisation", "iou", "pixel-accuracy", "perceptual", "lpips-alex", "lpips-vgg", "ms-ssim",
    "psnr", "ssim", "l1", "cycle",
  ]

  @Test func metricsGoByTheFieldsNames() throws {
    #expect(MetricCatalogue.standard.metrics.map(\.name) == Self.names)
    #expect(try MetricCatalogue.standard.list("is, fid") == [.inceptionScore, .fid])
    #expect(sentence { _ = try MetricCatalogue.standard.named("fib") }?.contains("did you mean 'fid'?") == true)
    #expect(sentence { _ = try MetricCatalogue.standard.list("fid,fid") }?.contains("listed twice") == true)
    #expect(sentence { _ = try MetricCatalogue.standard.list("fid,") } != nil)
    #expect(sentence { _ = try MetricCatalogue.standard.named("fid:x") }?.contains("fid takes no file") == true)
    #expect(sentence { _ = try MetricCatalogue.standard.named("lpips-vgg:") }?.contains("file is missing") == true)
  }

  @Test func aFileHoldsNames() throws {
    let data = try JSONEncoder().encode([Metric.fid, .slicedWasserstein])
    #expect(String(decoding: data, as: UTF8.self) == #"["fid","swd"]"#)
    #expect(try JSONDecoder().decode([Metric].self, from: data) == [.fid, .slicedWasserstein])
    // A file is the same from any working folder.
    let lpips = try MetricCatalogue.standard.named("lpips-alex:weights.safetensors")
    let decoded = try JSONDecoder().decode([Metric].self, from: JSONEncoder().encode([lpips]))
    #expect(decoded.first?.name == "lpips-alex" && decoded.first?.file?.hasPrefix("/") == true)
    #expect(decoded.first?.file?.hasSuffix("/weights.safetensors") == true)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Metric].self, from: Data(#"["bright"]"#.utf8))
    }
    #expect("\(try #require(error))".contains("there is no metric 'bright'"))
    let decoder = JSONDecoder()
    decoder.userInfo[MetricCatalogue.userInfoKey] = MetricCatalogue.standard.adding(Self.brightness)
    #expect(try decoder.decode([Metric].self, from: Data(#"["bright"]"#.utf8)) == [Self.brightness])
  }

  @Test func betterValues() {
    #expect(Metric.fid.isBetter(0.3, than: 0.4) && !Metric.fid.isBetter(.nan, than: 0.4))
    #expect(Metric.recall.isBetter(0.5, than: 0.4) && !Metric.recall.isBetter(0.4, than: 0.4))
    #expect(Metric.spread.isBetter(1.2, than: 0.5) && Metric.spread.isBetter(0.9, than: 1.2))
    #expect(!Metric.spread.isBetter(0, than: 100) && Metric.spread.isBetterLow == nil)
  }

  /// A metric as a program brings it.
  private static let brightness = Metric("bright", better: .near(1), needs: [.heldOut]) { basis, count in
    var (sum, batches) = (0.0, 0)
    return Metric.Measurement { batch in
      sum += batch.samples.mean().item * Double(batch.samples.size(0))
      batches += 1
    } score: { seen in
      Score(sum / Double(count), deviation: Double(batches), realCount: 0, fakeCount: seen.count)
    }
  }

  @Test func aProgramsOwnMetricIsJudgedInTheSamePass() throws {
    let data = try Dataset.noise(shape: SampleShape(channels: 1, height: 4, width: 3), count: 1200)
    let pixels = PixelFeatures(data.shape)
    let reference = try Reference(data, pixels)
    let suited = SuitedMetrics(data, reference, hasHeldOut: true, from: .standard.adding(Self.brightness))
    #expect(suited.all.last == Self.brightness && !suited.inTraining.contains(Self.brightness))
    #expect(try SuitedMetrics(data, reference, hasHeldOut: true).checked([Self.brightness]) == [Self.brightness])
    let judge = Judge(reference, pixels, [.fid, Self.brightness], training: data, heldOut: data, seed: 1)
    let found = try judge(DatasetSamples(data)).scores
    let mean = try data.samples(0..<1200).mean().item
    #expect(found.map(\.metric.name) == ["fid", "bright"])
    #expect(
      abs(found[1].score.value - mean) < 1e-6 && found[1].score.deviation == 3 && found[1].score.fakeCount == 1200)
    #expect(judge.extractor(of: Self.brightness) == ExtractorInfo(pixels))
    let replaced = MetricCatalogue.standard.adding(Metric("fid", better: .high) { _ in nil })
    #expect(replaced.metrics.map(\.name) == Self.names && replaced["fid"]?.isBetterLow == false)
  }

  /// What is taken for pictures with and without classes, for stacked ones, and for points, in the order in which it decides.
  @Test func whatSuitsDependsOnWhatTheDataAre() throws {
    let manifold = "precision recall density coverage"
    let pictures = try Dataset.noise(shape: SampleShape(channels: 1, height: 4, width: 3), count: 40)
    let points = try DataSource("ring8").load(.train)
    func suited(_ data: Dataset, _ histogram: ClassHistogram? = nil, isStacked: Bool = false) throws -> (String, String)
    {
      let extractor: any FeatureExtractor = data.shape.elementCount == 2 ? PlaneFeatures() : PixelFeatures(data.shape)
      let reference = try Reference(data, extractor).with(histogram, isStacked)
      let found = SuitedMetrics(data, reference, hasHeldOut: true)
      return (found.all.map(\.name).joined(separator: " "), found.inTraining.map(\.name).joined(separator: " "))
    }
    let counts = ClassHistogram(counts: [20, 20])
    #expect(
      try suited(pictures) == (
        "fid kid \(manifold) swd diversity memorisation", "fid \(manifold) diversity memorisation"
      ))
    #expect(
      try suited(pictures, counts)
        == (
          "fid kid is \(manifold) swd class-kl diversity memorisation",
          "fid \(manifold) class-kl diversity memorisation"
        ))
    #expect(
      try suited(pictures, counts, isStacked: true)
        == (
          "fid kid \(manifold) swd modes mode-kl diversity memorisation",
          "fid \(manifold) modes mode-kl diversity memorisation"
        ))
    #expect(
      try suited(points)
        == ("swd modes quality spread fid kid \(manifold)", "swd modes quality spread coverage"))
    let reference = try Reference(pictures, PixelFeatures(pictures.shape))
    let found = SuitedMetrics(pictures, reference, hasHeldOut: false, known: [.sources, .targets])
    #expect(found.inTraining.suffix(3) == [.psnr, .ssim, .l1] && !found.all.contains(.memorisation))
    #expect(found.all.first == .perceptual && !found.all.contains(.lpipsAlex) && !found.all.contains(.cycle))
    #expect(sentence { _ = try found.checked([.lpipsAlex]) }?.contains("Tools/convert_lpips.py makes one") == true)
    #expect(sentence { _ = try found.checked([.multiscaleSSIM]) }?.contains("sides have 161 pixels or more") == true)
    #expect(sentence { _ = try found.checked([.iou]) }?.contains("a few flat colours") == true)
    let maps = SuitedMetrics(pictures, reference, hasHeldOut: false, known: .targets, hasPalette: true)
    #expect(maps.inTraining.prefix(3) == [.iou, .perceptual, .fid] && maps.all.contains(.pixelAccuracy))
    // Of translations into a collection, kid decides.
    let unpaired = SuitedMetrics(pictures, reference, hasHeldOut: false, known: [.sources, .reconstructions])
    #expect(unpaired.inTraining.prefix(2) == [.kid, .fid] && unpaired.inTraining.last == .cycle)
    #expect(!unpaired.all.contains(.l1))
    #expect(sentence { _ = try found.checked([.memorisation]) }?.contains("needs a test split of their own") == true)
    #expect(
      sentence { _ = try found.checked([.fid, .modes]) }?.contains("digits with their classifier, or a mixture") == true
    )
  }
}

extension Reference {
  /// The reference as if an extractor had read these classes.
  fileprivate func with(_ histogram: ClassHistogram?, _ isStacked: Bool) -> Reference {
    Reference(
      data: data, split: split, count: count, statistics: statistics, root: root, features: features,
      histogram: histogram, isStacked: isStacked)
  }
}
