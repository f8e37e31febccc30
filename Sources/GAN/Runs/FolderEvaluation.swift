import Files
import Metrics
import RunLog
import Torch

/// What a comparison of two folders found, with what the values depend on.
public struct FolderEvaluation {
  /// A record a metric.
  public let records: [MetricRecord]
  /// The pairs of which the first metric says the worst, the worst one first.
  public let worst: [(name: String, value: Double)]
  /// The metrics.
  public let metrics: [Metric]

  /// Compares the pairs.
  ///
  /// - Parameters:
  ///   - metrics: the metrics; nil for all that suit the pairs.
  ///   - progress: gets the number of pairs that are done.
  /// - Throws: `MetricError` for a metric that does not suit the pairs; `FileError` for a picture that cannot be decoded.
  public init(
    _ folders: FolderPairs, metrics: [Metric]? = nil, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let palette = try folders.palette()
    let suited = folders.suited(palette: palette)
    self.metrics = try metrics.map { try suited.checked($0) } ?? suited.all
    let found = try folders.judged(by: self.metrics, palette: palette, progress: progress)
    records = found.scores.map { metric, score, extractor in
      MetricRecord(
        metric: metric.name, value: score.value, deviation: score.deviation, realCount: score.realCount,
        fakeCount: score.fakeCount, data: folders.name, dataFingerprint: found.fingerprint, split: "all",
        extractor: extractor.name, fingerprint: extractor.fingerprint, resize: folders.resize,
        precision: Precision.float32.rawValue, seed: 0, version: packageVersion)
    }
    worst = found.worst
  }
}
