import Datasets
import Metrics
import RunLog
import Samples

/// What an ``Evaluator`` found.
public struct Evaluation {
  /// A record a metric, with its provenance; the metric that decides comes first.
  public let records: [MetricRecord]
  let judgement: Judgement
  let data: Dataset
  let isStacked: Bool

  /// The values by the metrics' names.
  var values: [String: Double] {
    Dictionary(records.map { ($0.metric, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many samples were read as each class, or combination of classes; nil where the extractor knows none.
  public var histogram: ClassHistogram? { judgement.observations.histogram }

  /// The worst pairs by the first metric of pairs; nil where no pairs were judged.
  public var worst: EvaluationRecord.WorstRecord? {
    judgement.worst.map { worst in
      EvaluationRecord.WorstRecord(
        metric: worst.metric.name, places: worst.pairs.map(\.place), values: worst.pairs.map(\.value))
    }
  }

  /// Looks at what numbers cannot say, each under the name of its file: ``Judgement/previews(of:isStacked:)``.
  public func previews() throws -> [(name: String, preview: Preview)] {
    try judgement.previews(of: data, isStacked: isStacked)
  }
}
