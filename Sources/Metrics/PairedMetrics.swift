import Foundation
import Torch

// Metrics of pairs of pictures: a sample and what it should have been. Each is the mean of a value for each pair, and its
// deviation the standard error over the pairs.
extension Metric {
  /// Peak signal-to-noise ratio in decibels, 10 log₁₀(2² / mean squared difference) for values from -1 to 1; infinite for
  /// equal pictures.
  public static let psnr = Metric("psnr", better: .high, "peak signal-to-noise ratio of pixels") { samples, targets in
    ((samples - targets).squared().flattened().mean(axes: [1]) / 4).log() * (-10 / log(10))
  }

  /// Structural similarity of one scale (Wang et al. 2004), as ``StructuralSimilarity`` has it: Gaussian windows of 11 x 11
  /// pixels and deviation 1.5, of pictures in [0, 1] with a data range of 1.
  public static let ssim = Metric("ssim", better: .high, "structural similarity of pairs") { samples, targets in
    try StructuralSimilarity(height: samples.size(2), width: samples.size(3), scales: 1)(samples, targets)
  }

  /// Mean absolute difference of values from -1 to 1, in [0, 2].
  public static let l1 = Metric("l1", better: .low, "mean absolute difference of pixels") { samples, targets in
    (samples - targets).abs().flattened().mean(axes: [1])
  }

  /// The mean of a value for each pair of pictures.
  ///
  /// - Parameters:
  ///   - rule: what is computed, in words that no other rule has; the metric's fingerprint is made of them.
  ///   - value: a number for each pair `[N]`, of samples and targets `[N, C, H, W]` in [-1, 1], float32.
  public init(
    _ name: String, better: Better, _ rule: String,
    ofPairs value: @escaping @Sendable (_ samples: Tensor, _ targets: Tensor) throws -> Tensor
  ) {
    let metric = Metric(name, better: better, needs: [.pictures, .pairs], inTraining: [.pictures]) { _, _ in
      var values: [Double] = []
      return Measurement { batch in
        guard let targets = batch.targets else {
          throw MetricError("\(name) needs \(Need.pairs), and these samples have no targets")
        }
        guard targets.shape == batch.samples.shape else {
          throw MetricError(
            "\(name) compares pictures of one shape: samples are \(batch.samples.shape), targets \(targets.shape)")
        }
        values += try withTorchErrors { try withoutGradient { try value(batch.samples, targets) } }
          .array(of: Double.self)
      } score: { _ in
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return Score(
          mean, deviation: (variance / count).squareRoot(), realCount: values.count, fakeCount: values.count)
      }
    }
    self = metric.seen { _ in ExtractorInfo(ofPixels: rule) }
  }
}
