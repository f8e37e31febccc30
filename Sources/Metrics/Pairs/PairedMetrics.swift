import Datasets
import Foundation
import Samples
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

  /// Structural similarity over five scales (Wang, Simoncelli and Bovik 2003), as ``StructuralSimilarity`` has it, of pictures
  /// whose sides are longer than 160 pixels.
  public static let multiscaleSSIM = Metric(
    "ms-ssim", better: .high, needs: [.sides(from: 161)], "structural similarity of pairs over five scales"
  ) { samples, targets in
    try StructuralSimilarity(height: samples.size(2), width: samples.size(3), scales: 5)(samples, targets)
  }

  /// Mean absolute difference of values from -1 to 1, in [0, 2].
  public static let l1 = Metric("l1", better: .low, "mean absolute difference of pixels") { samples, targets in
    meanDifference(samples, targets)
  }

  /// What the way there and back changes in the sources: their mean absolute difference from what the model's inverse makes
  /// of the samples, in [0, 2] (the cycle consistency of Zhu et al. 2017, arXiv:1703.10593, equation 2, in one direction).
  public static let cycle = Metric(
    "cycle", better: .low, needs: [.pictures, .reconstructions], inTraining: [.pictures],
    extractor: ExtractorInfo(ofPixels: "mean absolute difference of sources and reconstructions")
  ) { _ in
    PairMeasure { pairs in
      guard let sources = pairs.sources, let reconstructions = pairs.reconstructions else {
        throw MetricError("cycle needs \(Need.reconstructions), and these samples come from none")
      }
      return meanDifference(sources, reconstructions)
    }
  }

  /// The mean of a value for each pair of pictures.
  ///
  /// - Parameters:
  ///   - needs: what there must be besides pairs of pictures.
  ///   - rule: what is computed, in words that no other rule has; the metric's fingerprint is made of them.
  ///   - value: a number for each pair `[N]`, of samples and targets `[N, C, H, W]` in [-1, 1], float32.
  public init(
    _ name: String, better: Better, needs: [Need] = [], _ rule: String,
    ofPairs value: @escaping @Sendable (_ samples: Tensor, _ targets: Tensor) throws -> Tensor
  ) {
    self.init(
      name, better: better, needs: [.pictures, .pairs] + needs, inTraining: [.pictures],
      extractor: ExtractorInfo(ofPixels: rule)
    ) { _ in
      PairMeasure { try value($0.samples, $0.targets(of: name)) }
    }
  }

  /// A metric that looks at each sample beside what is known of it.
  ///
  /// - Parameters:
  ///   - extractor: what its values rest on.
  ///   - measure: begins a measurement. It is given the colours of the targets, where these are label maps.
  init(
    _ name: String, better: Better, needs: [Need], inTraining: Set<ColumnFormat.Kind> = [], leads: [Need] = [],
    extractor: @autoclosure @escaping @Sendable () -> ExtractorInfo,
    measure: @escaping @Sendable (Palette?) throws -> PairMeasure
  ) {
    let metric = Metric(name, better: better, needs: needs, inTraining: inTraining, leads: leads) { basis, _ in
      Measurement(PairTally(try measure(basis.palette)))
    }
    self = metric.seen { _ in extractor() }
    pairMeasure = measure
  }
}

extension DerivedSamples {
  /// The targets, of the samples' shape.
  ///
  /// - Throws: ``MetricError`` that says what `metric` lacks.
  func targets(of metric: String) throws(MetricError) -> Tensor {
    guard let targets else {
      throw MetricError("\(metric) needs \(Metric.Need.pairs), and these samples have no targets")
    }
    guard targets.shape == samples.shape else {
      throw MetricError(
        "\(metric) compares pictures of one shape: samples are \(samples.shape), targets \(targets.shape)")
    }
    return targets
  }
}

/// The mean absolute difference of each pair, `[N]`.
private func meanDifference(_ first: Tensor, _ second: Tensor) -> Tensor {
  (first - second).abs().flattened().mean(axes: [1])
}
