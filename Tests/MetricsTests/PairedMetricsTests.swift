import Datasets
import Metrics
import Samples
import Testing
import Torch

@Suite struct PairedMetricsTests {
  /// Samples with their targets, two at a time.
  private struct Pairs: DerivedSampleStream {
    let samples: Tensor
    let targets: Tensor
    var sources: Tensor?
    var reconstructions: Tensor?
    var count: Int { samples.size(0) }
    var shape: SampleShape { SampleShape(channels: samples.size(1), height: samples.size(2), width: samples.size(3)) }

    func forEachDerived(_ body: (DerivedSamples) throws -> Void) throws {
      for start in stride(from: 0, to: count, by: 2) {
        let rows = start..<min(start + 2, count)
        try body(
          DerivedSamples(
            samples[rows], of: sources.map { $0[rows] }, targets: targets[rows],
            reconstructions: reconstructions.map { $0[rows] }))
      }
    }
  }

  private let metrics: [Metric] = [.psnr, .ssim, .l1]

  private func judge(_ shape: SampleShape, _ metrics: [Metric]? = nil, palette: Palette? = nil) throws -> Judge {
    let (data, pixels) = (try Dataset.noise(shape: shape, count: 20), PixelFeatures(shape))
    return Judge(
      try Reference(data, pixels), pixels, metrics ?? self.metrics, training: data, heldOut: nil, palette: palette,
      seed: 1)
  }

  @Test(arguments: try fixture("pairs").cases()) func agreesWithScikitImage(name: String) throws {
    let given = try fixture("pairs")[name]
    let zoom = try given.whole("zoom")
    func enlarged(_ what: String) throws -> Tensor {
      let image = try given[what].to(.float32)
      return image.upsampledNearest([image.size(2) * zoom, image.size(3) * zoom])
    }
    let pairs = Pairs(samples: try enlarged("samples"), targets: try enlarged("targets"))
    let found = try judge(pairs.shape)(pairs).scores
    #expect(found.map(\.metric) == metrics)
    for (metric, score) in found {
      let values = try given[metric.name].array(of: Double.self)
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(relativeError(score.value, mean) < 1e-5, "\(metric): \(score.value), not \(mean)")
      let error = deviation(values) / Double(values.count).squareRoot()
      #expect(abs(score.deviation - error) < 1e-5 * abs(mean), "\(metric): ± \(score.deviation), not \(error)")
      #expect(score.realCount == values.count && score.fakeCount == values.count)
    }
  }

  @Test func equalPicturesAreAsNearAsCanBe() throws {
    let samples = normalRows(6, 80, deviation: 0.3).reshaped(6, 1, 8, 10).to(.float32)
    let found = try judge(SampleShape(channels: 1, height: 8, width: 10))(Pairs(samples: samples, targets: samples))
    let values = found.scores.map(\.score.value)
    #expect(
      try judge(SampleShape(channels: 1, height: 8, width: 10), [.perceptual])(
        Pairs(samples: samples, targets: samples)
      ).scores[0].score.value == 0)
    #expect(values[0] == .infinity && abs(values[1] - 1) < 1e-6 && values[2] == 0)
  }

  @Test func pairsAreAskedFor() throws {
    let shape = SampleShape(channels: 1, height: 8, width: 10)
    let judge = try judge(shape)
    let alone = sentence { _ = try judge(DatasetSamples(try .noise(shape: shape, count: 4))) }
    #expect(alone?.contains("psnr needs pairs of a sample and its target") == true, "\(alone ?? "")")
    let wide = Pairs(samples: .zeros([4, 1, 8, 10]), targets: .zeros([4, 1, 8, 20]))
    #expect(sentence { _ = try judge(wide) }?.contains("targets [2, 1, 8, 20]") == true)
    #expect(judge.extractor(of: .psnr).name == "pixels")
    #expect(judge.extractor(of: .psnr).fingerprint != judge.extractor(of: .l1).fingerprint)
  }

  @Test func fiveScalesAreThoseOfStructuralSimilarity() throws {
    let given = try fixture("structural_similarity")
    let name = try #require(given.cases().first { try given[$0].whole("zoom") > 1 })
    let zoom = try given[name].whole("zoom")
    func enlarged(_ what: String) throws -> Tensor {
      let image = try given[name][what].to(.float32)
      return image.upsampledNearest([image.size(2) * zoom, image.size(3) * zoom])
    }
    let pairs = Pairs(samples: try enlarged("first"), targets: try enlarged("second"))
    let found = try judge(pairs.shape, [.multiscaleSSIM])(pairs).scores[0].score.value
    #expect(abs(found - (try given[name]["similarity"]).mean().item) < 1e-4)
  }

  /// What l1 prefers and no one who looks would: a blank in the mean colour, over another draw of the same texture.
  @Test func perceptionPrefersATextureToABlank() throws {
    let draws = normalRows(8, 3 * 32 * 32, deviation: 0.4).reshaped(8, 3, 32, 32).to(.float32).clamped(-1, 1)
    let (targets, others) = (draws[0..<4], draws[4..<8])
    func values(_ samples: Tensor) throws -> [Double] {
      try judge(SampleShape(channels: 3, height: 32, width: 32), [.perceptual, .l1])(
        Pairs(samples: samples, targets: targets)
      ).scores.map(\.score.value)
    }
    let (texture, blank) = (try values(others), try values(.zeros([4, 3, 32, 32])))
    #expect(texture[0] < 0.2 * blank[0] && texture[1] > blank[1], "\(texture), \(blank)")
    // Colours count too, and textures in which dark and bright are exchanged are at their places.
    #expect(try values(-targets)[0] < values(targets * 0.5 + 0.5)[0])
  }

  @Test func theWorstPairsAreKept() throws {
    let count = 25
    let targets = Tensor.zeros([count, 1, 4, 4])
    // Of every third pair the difference is larger.
    let sizes = (0..<count).map { (place: Int) -> Float in
      let offset: Float = place % 3 == 0 ? 0.5 : 0
      return offset + Float(place) / 100
    }
    let samples = Tensor(sizes, shape: [count, 1, 1, 1]).expanded([count, 1, 4, 4])
    let shape = SampleShape(channels: 1, height: 4, width: 4)
    for (metric, sign) in [(Metric.l1, 1.0), (.psnr, -1)] {
      let worst = try #require(
        try judge(shape, [metric])(Pairs(samples: samples, targets: targets, sources: samples)).worst)
      #expect(worst.metric == metric && worst.pairs.map(\.place) == [24, 21, 18, 15, 12, 9, 6, 3, 0, 23])
      let values = worst.pairs.map { $0.value * sign }
      #expect(values == values.sorted(by: >))
      #expect(abs(worst.pairs[0].pair.samples.mean().item - 0.74) < 1e-6 && worst.pairs[0].pair.sources != nil)
    }
  }

  @Test func theWayBackIsComparedWithTheSources() throws {
    let rows = normalRows(4, 16, deviation: 0.2).reshaped(4, 1, 4, 4).to(.float32)
    let shape = SampleShape(channels: 1, height: 4, width: 4)
    let pairs = Pairs(samples: rows, targets: rows, sources: rows, reconstructions: rows + 0.25)
    #expect(abs(try judge(shape, [.cycle])(pairs).scores[0].score.value - 0.25) < 1e-6)
    #expect(
      sentence { _ = try judge(shape, [.cycle])(Pairs(samples: rows, targets: rows)) }?.contains("both ways") == true)
  }
}
