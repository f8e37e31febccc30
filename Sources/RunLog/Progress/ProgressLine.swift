/// The line that shows the progress of a run.
struct ProgressLine {
  let record: StepRecord
  /// What makes the run slow, if something does.
  let notice: String?

  /// The line in at most `width` columns: what matters least is left out first, and the bar takes what is free.
  func text(width: Int) -> String {
    let (groups, notices) = (groups, [notice].compactMap { $0 })
    let parts = [speed] + notices + groups + [left]
    // On a narrow terminal the speed goes first, then the groups from the last, the notice, and the time that is left.
    let choices =
      [parts] + (0...groups.count).reversed().map { notices + groups.prefix($0) + [left] } + [[left], []]
    for chosen in choices {
      let tail = chosen.joined(separator: "  ")
      let words = count + (tail.isEmpty ? "" : "  " + tail)
      guard words.count <= width else { continue }
      let free = width - words.count - 2
      guard let fraction, chosen.count == parts.count, free >= 10 else { return words }
      return count + "  " + Self.bar(fraction, width: min(free, 30)) + (tail.isEmpty ? "" : "  " + tail)
    }
    return String(count.prefix(width))
  }

  /// The line without a bar and in full, for files and pipes.
  var plain: String {
    let percent = fraction.map { " (\(Int($0 * 100)) %)" } ?? ""
    return ([count + percent, speed] + [notice].compactMap { $0 } + groups + [left]).joined(separator: "  ")
  }

  private var count: String {
    "step " + Wording.grouped(record.step) + (record.stepsLimit.map { "/" + Wording.grouped($0) } ?? "")
  }

  private var speed: String { Wording.short(record.samplesPerSecond) + " samples/s" }

  /// The scalars that have a place on the line, a text for each group.
  private var groups: [String] {
    record.scalars.map(\.scalar).grouped.compactMap { scalars in
      guard let label = scalars[0].group.label else { return nil }
      return ([label] + scalars.map(shown)).filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  private func shown(_ scalar: Scalar) -> String {
    let value = record[scalar] ?? .nan
    let text = scalar.isProbability && value.isFinite ? Wording.fixed(value, 2) : Wording.measure(value)
    return scalar.title + " " + text + (scalar.unit.map { " " + $0 } ?? "")
  }

  private var left: String {
    guard let seconds = secondsLeft else { return Wording.duration(record.seconds) + " so far" }
    return Wording.duration(seconds) + " left"
  }

  /// The part that is done, in [0, 1], by the limit that comes first.
  private var fraction: Double? {
    let bySteps = record.stepsLimit.map { $0 > 0 ? Double(record.step) / Double($0) : 1 }
    let byTime = record.secondsLimit.map { $0 > 0 ? record.seconds / $0 : 1 }
    guard let largest = [bySteps, byTime].compactMap({ $0 }).max() else { return nil }
    return min(max(largest, 0), 1)
  }

  private var secondsLeft: Double? {
    var spans: [Double] = []
    if let limit = record.stepsLimit, record.samplesPerSecond > 0, record.step > 0 {
      let samplesPerStep = Double(record.samples) / Double(record.step)
      spans.append(Double(limit - record.step) * samplesPerStep / record.samplesPerSecond)
    }
    if let limit = record.secondsLimit { spans.append(limit - record.seconds) }
    return spans.min()
  }

  private static func bar(_ fraction: Double, width: Int) -> String {
    let cells = width - 2
    let done = Int(fraction * Double(cells))
    return "[" + String(repeating: "=", count: done) + (done < cells ? ">" : "")
      + String(repeating: " ", count: max(0, cells - done - 1)) + "]"
  }
}
