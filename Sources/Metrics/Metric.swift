import Foundation

/// The metrics by the names that people type.
public enum Metric: String, Sendable, Codable, CaseIterable {
  /// Fréchet distance between the features of data and samples.
  case fid
  /// Kernel distance (squared maximum mean discrepancy, unbiased).
  case kid
  /// Inception score by the extractor's classes.
  case inceptionScore = "is"
  case precision
  case recall
  case density
  case coverage
  /// Sliced Wasserstein distance between the features.
  case slicedWasserstein = "swd"
  /// Kullback–Leibler divergence of the samples' class histogram from the data's, in nats.
  case classKL = "class-kl"
  /// Modes hit: of 1,000 for stacked digits, of all centres for mixtures.
  case modes
  /// Kullback–Leibler divergence of the samples' modes from the data's, in nats.
  case modeKL = "mode-kl"
  /// Share of samples within three deviations of a mixture's mode.
  case quality
  /// Deviation of the samples within a mixture's modes over the true one.
  case spread
  /// 1 less the mean (multi-scale) structural similarity of pairs of samples.
  case diversity
  /// How much oftener samples lie nearest to training data than chance has it: 0 by chance, 1 for copies, below 0 for
  /// samples nearest to held-out data.
  case memorisation

  /// The fewest samples of the data, and of what is judged, of which the metric can be had: two to tell them apart at all,
  /// and one more than the neighbours that a manifold is made of.
  public var fewest: (data: Int, samples: Int) {
    switch self {
    case .precision, .recall: (Manifold.precisionNeighbours + 1, Manifold.precisionNeighbours + 1)
    case .density, .coverage: (Manifold.densityNeighbours + 1, Manifold.precisionNeighbours + 1)
    default: (2, 2)
    }
  }

  /// Whether a lower value is better, or a higher one; nil for ``spread``, which is best at 1.
  public var isBetterLow: Bool? {
    switch self {
    case .fid, .kid, .slicedWasserstein, .classKL, .modeKL, .memorisation: true
    case .inceptionScore, .precision, .recall, .density, .coverage, .modes, .quality, .diversity: false
    case .spread: nil
    }
  }

  /// Whether `value` is better than `other`.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    switch isBetterLow {
    case true?: value < other
    case false?: value > other
    // As far from 1 in ratio.
    case nil: abs(log(value)) < abs(log(other))
    }
  }
}
