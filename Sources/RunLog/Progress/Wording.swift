import Glibc

/// Numbers and durations as text.
enum Wording {
  /// A whole number with thousands set apart, as in "60,000".
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }

  /// A size in about three digits, as in "42", "1.2k", "35M".
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    var rest = abs(value)
    var units = ["", "k", "M", "G", "T"][...]
    while rest >= 999.5 && units.count > 1 {
      rest /= 1000
      units.removeFirst()
    }
    let unit = units.first ?? ""
    let hasFraction = rest < 9.95 && (!unit.isEmpty || rest != rest.rounded())
    return (value < 0 ? "-" : "") + fixed(rest, hasFraction ? 1 : 0) + unit
  }

  /// A loss or score with a width that hardly changes, as in "0.693", "-12.5", "1.2e+06".
  static func measure(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf" }
    let size = abs(value)
    if size >= 99_999.5 { return scientific(value) }
    return fixed(value, size < 9.9995 ? 3 : size < 99.95 ? 2 : size < 999.5 ? 1 : 0)
  }

  /// A number that is not zero, as in "1.2e6", "-3.0e-5".
  private static func scientific(_ value: Double) -> String {
    let exponent = Int(log10(abs(value)).rounded(.down))
    return fixed(value / pow(10, Double(exponent)), 1) + "e\(exponent)"
  }

  /// A span of time in its two largest units, as in "45 s", "3 min 20 s", "2 h 5 min".
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "a long time" }
    let whole = Int(max(0, seconds).rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s")
    case ..<86_400: return "\(whole / 3600) h" + (whole / 60 % 60 == 0 ? "" : " \(whole / 60 % 60) min")
    default: return "\(whole / 86_400) d" + (whole / 3600 % 24 == 0 ? "" : " \(whole / 3600 % 24) h")
    }
  }

  /// A number with `places` digits after the decimal point; `value` is finite and of moderate size.
  static func fixed(_ value: Double, _ places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = (value * Double(scale)).rounded()
    guard abs(scaled) < 9e18 else { return "\(value)" }
    let whole = Int(abs(scaled))
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return sign + "\(whole)" }
    let fraction = "\(whole % scale)"
    return sign + "\(whole / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  /// A value with its deviation where there is one, both to the digit that the deviation leaves in doubt by a tenth, as
  /// in "12.31 ± 0.22", "0.612 ± 0.011", "5231 ± 12".
  static func measure(_ value: Double, deviation: Double) -> String {
    guard abs(value) < 99_999.5, deviation > 0, deviation < 99_999.5 else {
      return plain(value) + (deviation == 0 ? " ± 0" : deviation.isFinite ? " ± " + measure(deviation) : "")
    }
    // More than five digits of the value say no more, however sure they are.
    let largest = 4 - Int(log10(max(abs(value), 1e-2)).rounded(.down))
    let places = min(max(1 - Int(log10(deviation).rounded(.down)), 0), largest)
    return fixed(value, places) + " ± " + fixed(deviation, places)
  }

  /// A value of which nothing says how far it is to be trusted: counts are whole, and small values keep their digits.
  private static func plain(_ value: Double) -> String {
    if value == value.rounded() && abs(value) < 99_999.5 { return fixed(value, 0) }
    if abs(value) < 0.000_995 { return scientific(value) }
    return abs(value) < 0.0995 ? fixed(value, 5) : measure(value)
  }

  /// An evaluation as a line, as in "step 1,000: fid 12.31 ± 0.22, recall 0.612 ± 0.011 (the best so far; took 2 s)".
  static func evaluation(_ record: EvaluationRecord) -> String {
    let values = record.metrics.map { "\($0.metric) \(measure($0.value, deviation: $0.deviation))" }
    let best = record.isBest ? "the best so far; " : ""
    let cost = record.cost < 9.95 ? fixed(max(0, record.cost), 1) + " s" : duration(record.cost)
    return "step \(grouped(record.step)): \(values.joined(separator: ", ")) (\(best)took \(cost))"
  }

  /// A new plan, as in "learning rates now fall until step 7,500: a step takes 48.2 ms, ...".
  static func plan(steps: Int, _ reason: String) -> String {
    "learning rates now fall until step \(grouped(steps)): \(reason)"
  }

  /// An alarm as a line, as in "alarm: collapse at step 3,000: coverage fell from 0.61 to 0.02; advice: try ...".
  static func alarm(_ record: AlarmRecord) -> String {
    "alarm: \(record.kind) at step \(grouped(record.step)): \(record.evidence); advice: \(record.advice)"
  }
}
