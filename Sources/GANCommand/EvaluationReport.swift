import Foundation
import GAN

/// What `gan evaluate` found, for people and for programs.
struct EvaluationReport {
  let samples: String
  let evaluator: Evaluator
  let evaluation: Evaluation
  let seconds: Double

  /// A line a metric.
  var json: String { evaluation.records.map(\.jsonLine).joined(separator: "\n") }

  var text: String {
    let reference = evaluator.reference
    let head = [
      ("samples", samples),
      ("reference", "\(reference.data), \(reference.split.rawValue) split, \(grouped(reference.count))"),
      ("extractor", "\(evaluator.extractor.name), \(evaluator.extractor.fingerprint.prefix(12))"),
      ("resize", evaluator.extractor.resize),
    ]
    let lines = (head + classes).map { pad($0, 14) + $1 }
    return (lines + [""] + table + ["", footnote]).joined(separator: "\n")
  }

  /// How many samples were classified as each class, for up to 20 classes.
  private var classes: [(String, String)] {
    guard let counts = evaluation.histogram?.counts, counts.count <= 20 else { return [] }
    return [("classes", counts.enumerated().map { "\($0): \($1)" }.joined(separator: ", "))]
  }

  private var table: [String] {
    let heads = ["metric", "value", "±", "floor", "better", "real", "generated"]
    let rows = evaluation.records.map { record -> [String] in
      let low = evaluator.metrics.first { $0.name == record.metric }?.isBetterLow
      return [
        record.metric, number(record.value), number(record.deviation), record.floor.map(number) ?? "-",
        low.map { $0 ? "low" : "high" } ?? "1", grouped(record.realCount), grouped(record.fakeCount),
      ]
    }
    let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
    return ([heads] + rows).map { row in
      row.enumerated().map { column, text in column == 0 ? pad(text, widths[0] + 2) : left(text, widths[column] + 2) }
        .joined()
    }
  }

  private var footnote: String {
    let floor =
      evaluator.hasHeldOut
      ? "floor: what the test split reaches. " : "no floor: the data have no test split. "
    let ofPixels = evaluation.records.filter { $0.extractor == "pixels" && evaluator.extractor.name != "pixels" }
    let pixels = ofPixels.isEmpty ? "" : ofPixels.map(\.metric).joined(separator: ", ") + ": on pixels. "
    return floor + pixels + "Took \(number(seconds)) s, preparations not included."
  }

  private func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let size = abs(value)
    return String(format: size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 0.095 ? "%.3f" : "%.2g", value)
  }

  private func grouped(_ count: Int) -> String {
    var digits = String(count)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return digits
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  private func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
