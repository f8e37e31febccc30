import Datasets
import Torch

extension Metric {
  /// How much more often than by chance samples lie nearest to training data: 0 by chance, 1 for copies, below 0 for
  /// samples nearest to held-out data. Among the first ``Memorisation/sought`` samples.
  public static let memorisation = Metric(
    "memorisation", better: .low, needs: [.pictures, .heldOut], inTraining: [.pictures]
  ) { seen in
    let training = seen.basis.training
    guard let heldOut = seen.basis.heldOut, seen.examples.holds(training.shape) else { return nil }
    // Pixels are compared, since a copy is one of a picture and not of what a classifier makes of it.
    let rows = seen.basis.shared { PixelRows(training: training, heldOut: heldOut) }
    return try seen.shared {
      let sought = seen.examples[0..<min(seen.examples.size(0), Memorisation.sought)]
      var memorisation = try Memorisation(samples: try rows.pixels(sought).values)
      try rows.training.forEachBatch { try memorisation.add(training: $0) }
      try rows.heldOut.forEachBatch { try memorisation.add(heldOut: $0) }
      return memorisation
    }.score()
  }
  .seen { ExtractorInfo(PixelFeatures($0)) }
}

/// The pixels of training and held-out data.
private struct PixelRows {
  let pixels: PixelFeatures
  let training: KeptFeatures
  let heldOut: KeptFeatures

  init(training: Dataset, heldOut: Dataset) {
    pixels = PixelFeatures(training.shape)
    self.training = KeptFeatures(of: training, by: pixels)
    self.heldOut = KeptFeatures(of: heldOut, by: pixels)
  }
}

extension Judgement {
  /// Each of the first ``Memorisation/sought`` examples with its nearest training sample; nil where memorisation was not
  /// asked for.
  public var pairs: [Memorisation.Pair]? { observations.shared[Memorisation.self]?.pairs() }
}

/// Whether samples are nearer to what a generator was trained on than to data of the same kind that it never saw.
///
/// For each sample the nearest row among n training rows and the nearest among m held-out rows are found. Both sets are draws
/// of the same distribution, so that for a sample that depends on neither the nearest of all is a training row with
/// probability n / (n + m): they are exchangeable. The score is (share − n/(n + m)) / (1 − n/(n + m)), where share is that
/// of the samples whose nearest row is a training row: 0 by chance, 1 for copies. Meehan et al. 2020 ("A non-parametric
/// test to detect data-copying in generative models", arXiv:2004.05675) ask the same with a rank test of distances.
public struct Memorisation {
  /// Copies of training samples are looked for among so many samples.
  public static let sought = 1000

  /// A sample beside the training row nearest to it.
  public struct Pair: Sendable, Equatable {
    /// The sample's index.
    public let sample: Int
    /// The index of the training row.
    public let trainingRow: Int
    /// How far that is from the sample (Euclidean).
    public let trainingDistance: Double
    /// How far the nearest held-out row is.
    public let heldOutDistance: Double
  }

  private var training: NearestRows
  private var heldOut: NearestRows

  /// Nothing to compare with yet.
  ///
  /// - Parameter samples: `[M, D]`, or pictures whose pixels are their D numbers.
  /// - Throws: ``MetricError`` when there is none or a number is not finite.
  public init(samples: Tensor) throws {
    training = try NearestRows(queries: samples)
    heldOut = training
  }

  /// Adds rows that the generator was trained on, `[N, D]` or pictures.
  ///
  /// - Throws: ``MetricError`` when D is not the samples' or a number is not finite.
  public mutating func add(training rows: Tensor) throws { try training.add(rows) }

  /// Adds rows that it was not trained on, `[N, D]` or pictures.
  ///
  /// - Throws: ``MetricError`` when D is not the samples' or a number is not finite.
  public mutating func add(heldOut rows: Tensor) throws { try heldOut.add(rows) }

  /// Each sample with its nearest training row, in the samples' order.
  public func pairs() -> [Pair] {
    let distances = (training.distances.array(of: Double.self), heldOut.distances.array(of: Double.self))
    return training.indices.array(of: Int64.self).enumerated().map { sample, row in
      Pair(
        sample: sample, trainingRow: Int(row), trainingDistance: distances.0[sample],
        heldOutDistance: distances.1[sample])
    }
  }

  /// The score. A sample that is equally far from both sets says nothing: it counts as chance would.
  ///
  /// Samples that share a nearest row say the same and count once in the deviation, which is the cluster-robust one of the
  /// share (Liang and Zeger 1986, "Longitudinal data analysis using generalized linear models", section 2, for a mean):
  /// (Σ over rows of (Σ over a row's samples of x − share)²)^½ / samples. It is not a number when all share one row.
  ///
  /// - Throws: ``MetricError`` when there are no training or no held-out rows.
  public func score() throws -> Score {
    guard training.count > 0, heldOut.count > 0 else {
      throw MetricError(
        "memorisation needs training and held-out rows; there are \(training.count) and \(heldOut.count)"
      )
    }
    let rows = training.count + heldOut.count
    let chance = Double(training.count) / Double(rows)
    let (pairs, rounding) = (pairs(), training.rounding.array(of: Double.self))
    let heldOutRows = heldOut.indices.array(of: Int64.self).map(Int.init)
    // Of each row, the held-out ones last: the samples that it is nearest to, and how many of them count as near to training.
    var (samples, near) = ([Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows))
    for pair in pairs {
      let (trained, other) = (
        pair.trainingDistance * pair.trainingDistance, pair.heldOutDistance * pair.heldOutDistance
      )
      let isTie = abs(other - trained) <= rounding[pair.sample] + 1e-12 * other
      let isTraining = isTie || trained < other
      let row = isTraining ? pair.trainingRow : training.count + heldOutRows[pair.sample]
      samples[row] += 1
      near[row] += isTie ? chance : isTraining ? 1 : 0
    }
    let count = Double(pairs.count)
    let share = near.reduce(0, +) / count
    let squares = zip(samples, near).reduce(0) { sum, row in
      let excess = row.1 - share * row.0
      return sum + excess * excess
    }
    let deviation = samples.contains(count) ? .nan : squares.squareRoot() / count
    return Score(
      (share - chance) / (1 - chance), deviation: deviation / (1 - chance), realCount: rows, fakeCount: pairs.count)
  }
}
