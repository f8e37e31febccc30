/// Values of one metric that may stand side by side, over all runs.
struct ComparedMetric {
  /// One of the records; what it says of its circumstances holds for all.
  let example: MetricRecord
  /// The metric, and in what its values differ from those of the same metric that stand apart.
  let heading: String

  /// The metrics of `runs` in the order in which they first come, or of `names` in theirs; apart where their values are
  /// not comparable.
  static func metrics(of runs: [ComparedRun], named names: [String]?) -> [ComparedMetric] {
    var examples: [MetricRecord] = []
    for record in runs.flatMap({ ($0.best?.metrics ?? []) + ($0.newest?.metrics ?? []) })
    where !examples.contains(where: { $0.isComparable(to: record) }) {
      examples.append(record)
    }
    var order: [String] = names ?? []
    if names == nil { for example in examples where !order.contains(example.metric) { order.append(example.metric) } }
    return order.flatMap { name in
      let same = examples.filter { $0.metric == name }
      return same.map { example in
        let distinction = example.distinction(among: same)
        return ComparedMetric(example: example, heading: name + (distinction.isEmpty ? "" : " (\(distinction))"))
      }
    }
  }

  /// The values at one of the runs' evaluations, where it has this metric.
  func spread(in group: RunGroup, at evaluation: (ComparedRun) -> EvaluationRecord?) -> Spread {
    Spread(group.runs.compactMap { evaluation($0)?.metrics.first(where: example.isComparable)?.value })
  }
}
