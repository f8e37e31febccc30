import Datasets
import Metrics
import Samples
import Testing
import Torch

@Suite struct PairedMetricsTests {
  /// Samples with their targets, two at a time.
  private struct Pairs: PairedSampleStream {
    let samples: Tensor
    let targets: Tensor
    var count: Int { samples.size(0) }
    var shape: SampleShape { SampleShape(channels: samples.size(1), height: samples.size(2), width: samples.size(3)) }

    func forEachPair(_ body: (Tensor, Tensor) throws -> Void) throws {
      for start in stride(from: 0, to: count, by: 2) {
        let rows = start..<min(start + 2, count)
        try body(samples[rows], targets[rows])
      }
    }

    func forEachBatch(_ body: (Tensor) throws -> Void) throws { try forEachPair { samples, _ in try body(samples) } }
  }

  private let metrics: [Metric] = [.psnr, .ssim, .l1]

  private func judge(_ shape: SampleShape) throws -> Judge {
    let (data, pixels) = (try Dataset.noise(shape: shape, count: 20), PixelFeatures(shape))
    return Judge(try Reference(data, pixels), pixels, metrics, training: data, heldOut: nil, seed: 1)
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
}
