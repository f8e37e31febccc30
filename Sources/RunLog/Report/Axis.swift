import Glibc

/// A range of values with round ticks, mapped to a span of a drawing.
struct Axis {
  let range: ClosedRange<Double>
  /// Where `range` begins and ends in the drawing.
  let start: Double
  let end: Double
  let ticks: [Double]
  private let places: Int

  /// An axis that covers `range`, widened to whole ticks when `isWidened`.
  init(_ range: ClosedRange<Double>, from start: Double, to end: Double, ticks count: Int, isWidened: Bool) {
    let isPoint = range.lowerBound == range.upperBound
    let width = isPoint ? max(1, abs(range.lowerBound)) : range.upperBound - range.lowerBound
    let spacing = Self.spacing(width / Double(count))
    let low = isWidened ? (range.lowerBound / spacing).rounded(.down) * spacing : range.lowerBound
    var high = isWidened ? (range.upperBound / spacing).rounded(.up) * spacing : range.upperBound
    if high <= low { high = low + spacing }
    self.range = low...high
    self.start = start
    self.end = end
    let first = (low / spacing).rounded(.up)
    let last = (high / spacing + 1e-9).rounded(.down)
    ticks = last - first < 50 ? stride(from: first, through: last, by: 1).map { $0 * spacing } : []
    places = max(0, min(9, Int(-log10(spacing).rounded(.down))))
  }

  /// Where `value` lies in the drawing; values outside the range lie at its ends.
  func place(_ value: Double) -> Double {
    let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return start + min(max(part, 0), 1) * (end - start)
  }

  /// A tick's text.
  func label(_ tick: Double) -> String {
    if abs(tick) >= 1000 {
      let unit = abs(tick) >= 1e6 ? 1e6 : 1e3
      let scaled = tick / unit
      let decimals = scaled == scaled.rounded() ? 0 : (scaled * 10).rounded() == scaled * 10 ? 1 : 2
      return Wording.fixed(scaled, decimals) + (unit == 1e6 ? "M" : "k")
    }
    return Wording.fixed(tick == 0 ? 0 : tick, places)
  }

  /// The distance 1, 2 or 5 times a power of ten that is next above `raw`.
  private static func spacing(_ raw: Double) -> Double {
    let power = pow(10, log10(raw).rounded(.down))
    let lead = raw / power
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10)
  }
}
