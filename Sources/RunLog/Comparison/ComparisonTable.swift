/// A comparison as lines: a column for each group, a line for each quantity.
struct ComparisonTable {
  struct Row: Equatable {
    var name: String
    /// A cell for each group.
    var cells: [String]
  }

  let names: [String]
  let rows: [Row]
  /// What one must know to read the table.
  let notes: [String]

  private static let nothing = "–"

  init(_ comparison: Comparison) {
    let groups = comparison.groups
    func row(_ name: String, _ cell: (RunGroup) -> String) -> Row { Row(name: name, cells: groups.map(cell)) }
    var rows = [row("runs", Self.runs)]
    rows += comparison.differences.map { key in
      row(key) { group in
        let value = group.setting(key) ?? Self.nothing
        return key.hasSuffix("fingerprint") ? String(value.prefix(12)) : value
      }
    }
    for metric in comparison.metrics {
      rows.append(row(metric.heading + ", best") { Self.cell(metric.spread(in: $0, at: \.best), of: $0) })
      rows.append(row(metric.heading + ", newest") { Self.cell(metric.spread(in: $0, at: \.newest), of: $0) })
    }
    rows.append(row("steps") { Self.range($0.spread(\.steps)) { Wording.grouped(Int($0)) } })
    rows.append(row("minutes") { Self.range($0.spread(\.seconds)) { Wording.fixed($0 / 60, 1) } })
    rows.append(row("samples per second") { Self.range($0.spread(\.samplesPerSecond)) { Wording.short($0) } })
    rows.append(row("alarms", Self.alarms))
    self.rows = rows
    names = groups.map(\.name)
    notes = Self.notes(comparison)
  }

  private static func runs(_ group: RunGroup) -> String {
    let seeds = group.runs.compactMap(\.seed)
    let count = group.runs.count == 1 ? "1 run" : "\(group.runs.count) runs"
    return count + (seeds.isEmpty ? "" : ", seed \(seeds.joined(separator: ", "))")
  }

  private static func cell(_ spread: Spread, of group: RunGroup) -> String {
    guard !spread.values.isEmpty else { return nothing }
    let isWhole = spread.values.count == group.runs.count
    return Wording.measure(spread.mean, deviation: spread.deviation)
      + (isWhole ? "" : " (\(spread.values.count) of \(group.runs.count))")
  }

  private static func range(_ spread: Spread, _ text: (Double) -> String) -> String {
    guard let low = spread.values.min(), let high = spread.values.max() else { return nothing }
    return text(low) == text(high) ? text(low) : text(low) + " to " + text(high)
  }

  private static func alarms(_ group: RunGroup) -> String {
    let all = group.runs.flatMap(\.alarms)
    let kinds = Set(all).sorted()
    guard !kinds.isEmpty else { return "none" }
    return kinds.map { kind in
      let times = all.filter { $0 == kind }.count
      return kind + (times == 1 ? "" : " (\(times))")
    }.joined(separator: ", ")
  }

  private static func notes(_ comparison: Comparison) -> [String] {
    var notes: [String] = []
    let metrics = comparison.metrics
    if !metrics.isEmpty {
      notes.append(
        "Best is the evaluation whose generator a run kept as best.safetensors. ± is the standard deviation over runs that "
          + "differ only in their seed; a single run has none.")
    }
    var explained: [String] = []
    for name in metrics.map(\.example.metric) where !explained.contains(name) {
      explained.append(name)
      let apart = metrics.filter { $0.example.metric == name }
      guard apart.count > 1 else { continue }
      notes.append(
        "Not comparable, so on separate lines: \(apart.map(\.heading).joined(separator: " and ")). Evaluate the runs the "
          + "same way to compare them.")
    }
    for run in comparison.groups.flatMap(\.runs) where run.newest == nil {
      notes.append(
        "\(run.name) has no evaluation yet; run \(QualitySection.command(for: run.folder))")
    }
    return notes
  }

  // MARK: As text

  var text: String {
    var blocks: [String] = []
    var first = 0
    while first < names.count {
      let last = lastColumn(from: first)
      blocks.append(block(first...last))
      first = last + 1
    }
    return (blocks + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])).joined(separator: "\n\n")
  }

  private static let lineLength = 100
  private static let gap = 3

  private var nameWidth: Int { rows.map(\.name.count).max() ?? 0 }

  private func width(_ column: Int) -> Int {
    max(names[column].count, rows.map { $0.cells[column].count }.max() ?? 0)
  }

  /// The last of the columns that fit on a line with the first, which always does.
  private func lastColumn(from first: Int) -> Int {
    var (last, used) = (first, nameWidth + Self.gap + width(first))
    while last + 1 < names.count, used + Self.gap + width(last + 1) <= Self.lineLength {
      last += 1
      used += Self.gap + width(last)
    }
    return last
  }

  private func block(_ columns: ClosedRange<Int>) -> String {
    func line(_ name: String, _ cells: [String]) -> String {
      var line = name + String(repeating: " ", count: nameWidth - name.count)
      for column in columns {
        let cell = cells[column]
        line += String(repeating: " ", count: Self.gap) + cell
        if column < columns.upperBound { line += String(repeating: " ", count: width(column) - cell.count) }
      }
      return line
    }
    let shown = rows.filter { row in columns.contains { row.cells[$0] != Self.nothing } }
    return ([line("", names)] + shown.map { line($0.name, $0.cells) }).joined(separator: "\n")
  }
}
