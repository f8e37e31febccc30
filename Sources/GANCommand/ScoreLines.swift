import Foundation
import GAN

/// The scores of metrics as a table for people.
struct ScoreLines {
  let records: [MetricRecord]
  let metrics: [Metric]

  /// A head, and a line a metric.
  var lines: [String] {
    let heads = ["metric", "value", "±", "floor", "better", "real", "generated"]
    let rows = records.map { record -> [String] in
      let low = metrics.first { $0.name == record.metric }?.isBetterLow
      return [
        record.metric, record.value.brief, record.deviation.brief, record.floor.map(\.brief) ?? "-",
        low.map { $0 ? "low" : "high" } ?? "1", record.realCount.grouped, record.fakeCount.grouped,
      ]
    }
    let columns = heads.indices.filter { heads[$0] != "floor" || records.contains { $0.floor != nil } }
    let widths = heads.indices.map { column in ([heads] + rows).map { $0[column].count }.max() ?? 0 }
    return ([heads] + rows).map { row in
      columns.map { (column: $0, text: row[$0]) }.map { column, text in
        column == 0 ? text.padded(widths[0] + 2) : text.aligned(widths[column] + 2)
      }
      .joined()
    }
  }
}

/// The worst pairs by a metric, for people and for programs.
struct WorstPairsReport {
  let metric: String
  let pairs: [(name: String, value: Double)]

  /// Prints a line a pair.
  func show(json: Bool) {
    if json {
      for pair in pairs {
        var object = JSONObject()
        object.add("metric", metric)
        object.add("pair", pair.name)
        object.add("value", pair.value)
        print(object.line)
      }
    } else {
      let width = pairs.map(\.name.count).max() ?? 0
      print("\nworst by \(metric)")
      for pair in pairs { print(pair.name.padded(width + 2) + pair.value.brief.aligned(8)) }
    }
  }
}

extension Double {
  /// With some three digits that count; "-" for what is not a number.
  var brief: String {
    guard isFinite else { return isNaN ? "-" : self > 0 ? "∞" : "-∞" }
    let size = abs(self)
    return String(format: size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 0.095 ? "%.3f" : "%.2g", self)
  }
}

extension Int {
  /// With commas between thousands.
  var grouped: String {
    var digits = String(self)
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
      place -= 3
    }
    return digits
  }
}

extension String {
  /// With spaces behind it up to a width, one at least.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
  /// With spaces before it, up to a width.
  func aligned(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
