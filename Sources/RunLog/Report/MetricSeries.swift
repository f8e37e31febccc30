/// Values of one metric that may stand on one line, since they are comparable, as a run came to them.
struct MetricSeries {
  /// A value, and the step at which the generator reached it.
  struct Point {
    var step: Int
    var record: MetricRecord
    /// Whether this is the run's best generator, by the metric that decides.
    var isBest: Bool
  }

  private(set) var points: [Point]
  /// What all values have in common, and the newest of them.
  var newest: MetricRecord { points[points.count - 1].record }

  /// The metrics of `evaluations` in the order in which they first come, each as series of comparable values.
  static func series(of evaluations: [EvaluationRecord]) -> [(metric: String, series: [MetricSeries])] {
    let best = evaluations.last { $0.isBest }?.step
    var all: [(metric: String, series: [MetricSeries])] = []
    for evaluation in evaluations {
      for record in evaluation.metrics {
        let point = Point(step: evaluation.step, record: record, isBest: evaluation.step == best)
        let metric = all.firstIndex { $0.metric == record.metric } ?? all.count
        if metric == all.count { all.append((record.metric, [])) }
        if let index = all[metric].series.firstIndex(where: { $0.newest.isComparable(to: record) }) {
          all[metric].series[index].points.append(point)
        } else {
          all[metric].series.append(MetricSeries(points: [point]))
        }
      }
    }
    return all
  }
}

extension MetricSeries {
  /// The values with their deviations, as a chart draws them.
  var curve: Curve {
    Curve(
      steps: points.map(\.step), values: points.map(\.record.value), deviations: points.map(\.record.deviation))
  }

  /// A ring around the run's best generator.
  var rings: [Chart.Ring] {
    points.filter { $0.isBest && $0.record.value.isFinite }.map { point in
      let value = Wording.measure(point.record.value, deviation: point.record.deviation)
      return Chart.Ring(
        step: point.step, value: point.record.value, text: "best, step \(Wording.grouped(point.step)): \(value)")
    }
  }
}

extension MetricRecord {
  /// What keeps values of one metric apart, by name and value.
  private var distinctions: [(name: String, text: String)] {
    [
      ("", extractor + (fingerprint.isEmpty ? "" : " " + fingerprint.prefix(12))), ("", "\(data) (\(split))"),
      ("resize ", resize), ("", Wording.grouped(realCount) + " real"), ("", Wording.grouped(fakeCount) + " generated"),
    ]
  }

  /// In what this record differs from any of `others`, in words; empty when it differs from none.
  func distinction(among others: [MetricRecord]) -> String {
    let theirs = others.map(\.distinctions)
    return distinctions.enumerated().compactMap { index, own in
      theirs.contains { $0[index].text != own.text } ? own.name + own.text : nil
    }.joined(separator: ", ")
  }
}
