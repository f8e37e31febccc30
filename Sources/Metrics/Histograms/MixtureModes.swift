import Datasets
import Foundation
import Torch

extension Metric {
  /// Modes hit: of all combinations of classes where an extractor reads several from a sample, of all centres of a mixture.
  public static let modes = Metric(
    "modes", better: .high, needs: [.either(.stackedClasses, .mixture)], inTraining: [.pictures, .points],
    leads: [.points]
  ) { seen in
    try MixtureModes.counted(seen)?.modes(seed: seen.basis.seed) ?? seen.modes?.modes(seed: seen.basis.seed)
  }
  .expecting { reference, samples in reference.histogram?.expectedHit(samples: samples) }

  /// Share of samples within three deviations of a mixture's mode.
  public static let quality = Metric(
    "quality", better: .high, needs: [.mixture], inTraining: [.points], leads: [.points]
  ) { seen in try MixtureModes.counted(seen)?.quality() }

  /// Deviation of the samples within a mixture's modes over the true one.
  public static let spread = Metric(
    "spread", better: .near(1), needs: [.mixture], inTraining: [.points], leads: [.points]
  ) { seen in try MixtureModes.counted(seen)?.spread() }
}

extension MixtureModes {
  /// The first samples, counted once for all metrics; nil where the data are of no known mixture.
  fileprivate static func counted(_ seen: Observations) throws -> MixtureModes? {
    guard let mixture = seen.basis.training.mixture else { return nil }
    return try seen.shared {
      var modes = MixtureModes(mixture)
      try modes.add(seen.features)
      return modes
    }
  }
}

/// How samples lie among the modes of a mixture of Gaussians whose centres and deviation are known.
///
/// As VEEGAN (Srivastava et al. 2017, arXiv:1705.07761, section 5.1) and PacGAN (Lin et al. 2018, arXiv:1712.04086,
/// section 4.1) count: a sample is of high quality when it is within three deviations of the centre nearest to it, and a
/// mode is hit when it is the nearest one of such a sample. Of the mixture's own samples 1 − exp(−9/2) = 98.9 % are of high
/// quality.
public struct MixtureModes: Sendable {
  /// The mixture.
  public let mixture: Mixture
  /// The samples nearest to each centre, at whatever distance: what ``ClassHistogram/divergence(from:)`` from equal counts
  /// says of the balance of modes.
  public private(set) var nearest: ClassHistogram
  /// Those of them that are of high quality.
  public private(set) var hits: ClassHistogram
  /// Sums over the samples of high quality, from their centres and in deviations: along both axes, for each mode, of the
  /// squared distance, and of its square.
  private var sums: [(x: Double, y: Double)]
  private var squares = 0.0
  private var fourthPowers = 0.0

  /// No samples yet.
  public init(_ mixture: Mixture) {
    self.mixture = mixture
    nearest = ClassHistogram(classes: mixture.centres.count)
    hits = nearest
    sums = mixture.centres.map { _ in (0, 0) }
  }

  /// Counts samples.
  ///
  /// - Parameter points: `[N, 2]` or `[N, 2, 1, 1]`, in the units in which ``Mixture/sample(_:split:seed:)`` gives them.
  /// - Throws: ``MetricError`` when the shape is another or a point is not finite; nothing is counted then.
  public mutating func add(_ points: Tensor) throws {
    guard points.rank > 1, points.count == 2 * points.size(0), points.size(1) == 2 else {
      throw MetricError("samples of shape \(points.shape) are not points in the plane: expected [N, 2] or [N, 2, 1, 1]")
    }
    try points.flattened().requireFeatures(first: nearest.total)
    let (scale, deviation) = (Double(mixture.scale), Double(mixture.deviation))
    let coordinates = points.array(of: Double.self)
    var (modes, good): ([Int], [Int]) = ([], [])
    for index in stride(from: 0, to: coordinates.count, by: 2) {
      let offsets = mixture.centres.map { centre in
        (
          x: (coordinates[index] / scale - Double(centre.x)) / deviation,
          y: (coordinates[index + 1] / scale - Double(centre.y)) / deviation
        )
      }
      let distances = offsets.map { $0.x * $0.x + $0.y * $0.y }
      let mode = distances.indices.reduce(0) { distances[$1] < distances[$0] ? $1 : $0 }
      modes.append(mode)
      guard distances[mode] <= 9 else { continue }
      good.append(mode)
      sums[mode].x += offsets[mode].x
      sums[mode].y += offsets[mode].y
      squares += distances[mode]
      fourthPowers += distances[mode] * distances[mode]
    }
    try nearest.add(classes: modes)
    try hits.add(classes: good)
  }

  /// The modes that were hit, with the deviation by the bootstrap over the samples.
  public func modes(seed: UInt64) -> Score {
    let deviation = bootstrapDeviation(of: hits.counts + [nearest.total - hits.total], seed: seed) { counts in
      Double(counts.dropLast().count { $0 > 0 })
    }
    return Score(Double(hits.hit), deviation: deviation, realCount: 0, fakeCount: nearest.total)
  }

  /// The share of samples of high quality, with the binomial's deviation; nil without samples.
  public func quality() -> Score? {
    guard nearest.total > 0 else { return nil }
    let count = Double(nearest.total)
    let share = Double(hits.total) / count
    return Score(share, deviation: (share * (1 - share) / count).squareRoot(), realCount: 0, fakeCount: nearest.total)
  }

  /// The deviation of the samples of high quality along an axis, over the mixture's: 1 for its own samples in expectation, 0
  /// when each mode has collapsed to a point, wherever that lies.
  ///
  /// The variance is taken about each mode's mean of the samples and pooled over modes, and divided by what a round
  /// Gaussian keeps of its variance within three deviations: of r²/2, exponential with mean 1, the mean below 9/2. The
  /// deviation is that of the variance's mean, by the delta method.
  ///
  /// - Returns: nil when no mode has two samples of high quality.
  public func spread() -> Score? {
    let modes = hits.counts.indices.filter { hits.counts[$0] > 0 }
    let freedom = Double(hits.total - modes.count)
    guard freedom > 0 else { return nil }
    let kept = 1 - 4.5 * exp(-4.5) / (1 - exp(-4.5))
    let about = modes.reduce(squares) { sum, mode in
      sum - (sums[mode].x * sums[mode].x + sums[mode].y * sums[mode].y) / Double(hits.counts[mode])
    }
    let spread = (max(0, about) / (2 * freedom * kept)).squareRoot()
    let count = Double(hits.total)
    let mean = squares / count
    let varianceError = (max(0, fourthPowers / count - mean * mean) / count).squareRoot() / (2 * kept)
    return Score(
      spread, deviation: spread > 0 ? varianceError / (2 * spread) : 0, realCount: 0, fakeCount: nearest.total)
  }
}
