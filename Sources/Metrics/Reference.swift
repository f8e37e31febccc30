import Datasets
import Samples
import Torch

/// What samples are compared with: a split of a data set as an extractor sees it. Made once and kept by
/// ``ReferenceCache``.
public struct Reference {
  /// The most samples whose features are kept one by one, for the metrics that need neighbours.
  public static let keptFeatures = 10_000

  /// The data set's name, as in `mnist`.
  public let data: String
  /// The split.
  public let split: Split
  /// Samples that entered ``statistics`` and ``histogram``: all of the split.
  public let count: Int
  /// Mean and covariance of the features.
  public let statistics: GaussianStatistics
  /// The covariance's square root, `[D, D]`, float64.
  public let root: Tensor
  /// The features of some samples, `[n, D]`: of all, or of ``keptFeatures`` drawn by a fixed seed.
  public let features: Tensor
  /// How many samples the extractor reads as each class, or as each combination of classes where it reads channels by
  /// themselves; nil where it knows no classes.
  public let histogram: ClassHistogram?
  /// Whether the extractor reads each channel by itself.
  public let isStacked: Bool

  /// Runs all samples of `data` through `extractor`.
  ///
  /// - Parameter progress: gets the number of samples that are done.
  /// - Throws: ``MetricError`` when there are too few samples or they do not fit the extractor.
  public init(
    _ data: Dataset, _ extractor: any FeatureExtractor, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    guard data.count > 1 else {
      throw MetricError(
        "\(data.plainName) has one sample: a reference needs at least two, and thousands for reliable values")
    }
    let samples = DatasetSamples(data)
    let kept = EpochOrder(count: data.count, seed: 1, epoch: 0).indices.prefix(Self.keptFeatures).sorted()
    let gaussian = GaussianAccumulator(parts: 1)
    var modes: StackedModes?
    var rows: [Tensor] = []
    var (done, next) = (0, 0)
    try samples.forEachBatch { batch in
      let features = try extractor(batch)
      try gaussian.add(features.values)
      if let logits = features.logits {
        modes = try modes ?? StackedModes(groups: logits.size(1), classes: logits.size(2))
        try modes?.add(logits)
      }
      let range = done..<(done + batch.size(0))
      let end = kept[next...].firstIndex { $0 >= range.upperBound } ?? kept.count
      if next < end {
        rows.append(features.values.rows(Tensor(kept[next..<end].map { Int64(Int($0) - range.lowerBound) })))
      }
      next = end
      done = range.upperBound
      progress(done, samples.count)
    }
    let statistics = try gaussian.statistics()
    self.init(
      data: data.plainName, split: data.split, count: done, statistics: statistics,
      root: try FrechetDistance(real: statistics).root, features: .concatenated(rows), histogram: modes?.histogram,
      isStacked: (modes?.groups ?? 1) > 1)
  }

  package init(
    data: String, split: Split, count: Int, statistics: GaussianStatistics, root: Tensor, features: Tensor,
    histogram: ClassHistogram?, isStacked: Bool
  ) {
    self.data = data
    self.split = split
    self.count = count
    self.statistics = statistics
    self.root = root
    self.features = features
    self.histogram = histogram
    self.isStacked = isStacked
  }
}
