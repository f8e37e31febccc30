/// The newest and the best evaluation side by side, and under which circumstances each number came about.
struct ScoreTable {
  let newest: EvaluationRecord?
  let best: EvaluationRecord?
  /// The cost of evaluation, in a sentence.
  let cost: String

  var html: String {
    let circumstances = distinctCircumstances
    let columns = self.columns
    let head = columns.map { "<th>\($0.name), step \(Wording.grouped($0.evaluation.step))</th>" }.joined()
    let rows = metrics.map { metric in
      let cells = columns.map { column in
        cell(column.evaluation.metrics.first { $0.metric == metric }, circumstances)
      }
      return "<tr><th>\(metric.htmlEscaped)</th>\(cells.joined())<td>\(floor(of: metric))</td></tr>"
    }
    let items = circumstances.map { "<li>\($0.htmlEscaped)</li>" }
    return """
      <div class="card wide"><table class="scores"><tr><th>metric</th>\(head)<th>held-out data</th></tr>
      \(rows.joined(separator: "\n"))</table>
      <ol>\(items.joined(separator: "\n"))</ol><p class="soft">\(cost)</p></div>
      """
  }

  /// Two columns, or one when the newest is the best.
  private var columns: [(name: String, evaluation: EvaluationRecord)] {
    guard let newest else { return [] }
    guard let best else { return [("newest", newest)] }
    return newest.step == best.step ? [("newest and best", newest)] : [("newest", newest), ("best", best)]
  }

  private var records: [MetricRecord] { columns.flatMap(\.evaluation.metrics) }

  private var metrics: [String] {
    var names: [String] = []
    for record in records where !names.contains(record.metric) { names.append(record.metric) }
    return names
  }

  private var distinctCircumstances: [String] {
    var all: [String] = []
    for record in records where !all.contains(record.circumstances) { all.append(record.circumstances) }
    return all
  }

  private func cell(_ record: MetricRecord?, _ circumstances: [String]) -> String {
    guard let record else { return "<td>–</td>" }
    let number = circumstances.firstIndex(of: record.circumstances).map { $0 + 1 } ?? 0
    let note = circumstances.count > 1 ? "<sup>\(number)</sup>" : ""
    let value = record.value.isFinite ? Wording.measure(record.value, deviation: record.deviation) : "not finite"
    return "<td>\(value)\(note)</td>"
  }

  private func floor(of metric: String) -> String {
    let record = columns.first?.evaluation.metrics.first { $0.metric == metric }
    return record?.floor.map { Wording.measure($0, deviation: .nan) } ?? "–"
  }
}

extension MetricRecord {
  /// Everything that decides whether the value is comparable with another, in a sentence.
  fileprivate var circumstances: String {
    let samples = Wording.grouped(fakeCount) + " generated samples"
    // Some metrics look at nothing else.
    let beside = realCount == 0 ? " alone" : " against \(Wording.grouped(realCount)) of \(data), split \(split)"
    let judge = fingerprint.isEmpty ? extractor : "\(extractor) \(fingerprint.prefix(12))"
    return "\(samples)\(beside); features of \(judge), resize \(resize); \(precision), seed \(seed), "
      + "swift-gan \(version)."
  }
}
