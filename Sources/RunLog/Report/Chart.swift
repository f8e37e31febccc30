/// Curves over steps in one frame, as inline SVG whose colours are the page's.
struct Chart {
  struct Series {
    /// What the legend calls it; empty for what the legend leaves out.
    var name: String
    /// The style class that gives the colour, one of ``Chart/style(_:)``.
    var style: String
    var curve: Curve
    /// Points of the curve worth a ring.
    var rings: [Ring] = []
  }

  /// A point worth a ring, and what it says.
  struct Ring {
    var step: Int
    var value: Double
    var text: String
  }

  /// A level worth a line, as the probability of one half.
  struct Level {
    var value: Double
    /// What the legend calls it; empty for what the legend leaves out.
    var text = ""
  }

  /// A step worth a mark.
  struct Mark {
    var step: Int
    var style: String
    var text: String
  }

  var title: String
  var series: [Series]
  /// A range that the vertical axis covers whatever the values are.
  var leastRange: ClosedRange<Double>?
  var levels: [Level] = []
  var marks: [Mark] = []
  /// Whether the legend gives each series' newest value.
  var givesValues = true

  /// The style class of the curve at `index`; there are six, which then begin anew.
  static func style(_ index: Int) -> String {
    ["first", "second", "third", "fourth", "fifth", "sixth"][index % 6]
  }

  private static let (width, height) = (480.0, 250.0)
  private static let (left, right, top, bottom) = (44.0, 470.0, 10.0, 222.0)

  /// The chart with its title and legend.
  var html: String {
    let drawn = series.filter { !$0.curve.points.isEmpty }
    guard !drawn.isEmpty else {
      return "<figure class=\"chart\"><figcaption><b>\(title.htmlEscaped)</b></figcaption>"
        + "<p class=\"empty\">No step has been logged yet.</p></figure>"
    }
    let legend = drawn.filter { !$0.name.isEmpty }.map { series in
      let last = series.curve.smoothed.last ?? 0
      let value = givesValues ? " <b>\(Wording.measure(last, deviation: .nan))</b>" : ""
      return "<span class=\"key \(series.style)\">\(series.name.htmlEscaped)\(value)</span>"
    }
    let levelKeys = levels.filter { !$0.text.isEmpty && $0.value.isFinite }.map {
      "<span class=\"key level\">\($0.text.htmlEscaped) <b>\(Wording.measure($0.value, deviation: .nan))</b></span>"
    }
    return """
      <figure class="chart"><figcaption><b>\(title.htmlEscaped)</b>\((legend + levelKeys).joined())</figcaption>
      \(svg(drawn))</figure>
      """
  }

  private func svg(_ drawn: [Series]) -> String {
    let lastStep = drawn.compactMap(\.curve.points.last?.step).max() ?? 1
    let across = Axis(
      0...max(1, lastStep), from: Self.left, to: Self.right, ticks: 5, isWidened: false)
    let up = Axis(valueRange(drawn), from: Self.bottom, to: Self.top, ticks: 5, isWidened: true)
    let names = drawn.map(\.name).filter { !$0.isEmpty }.joined(separator: " and ")
    var text = "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\""
    text += " aria-label=\"\((title + ": " + names + " over training steps").htmlEscaped)\">"
    for tick in up.ticks {
      let y = Self.number(up.place(tick))
      text += "<path class=\"grid\" d=\"M\(Self.number(Self.left)) \(y)H\(Self.number(Self.right))\"/>"
      text += "<text x=\"\(Self.number(Self.left - 6))\" y=\"\(y)\" dy=\".35em\" class=\"up\">\(up.label(tick))</text>"
    }
    for tick in across.ticks {
      let x = Self.number(across.place(tick))
      text += "<path class=\"tick\" d=\"M\(x) \(Self.number(Self.bottom))v4\"/>"
      text += "<text x=\"\(x)\" y=\"\(Self.number(Self.bottom + 18))\" class=\"across\">\(across.label(tick))</text>"
    }
    for level in levels where up.range.contains(level.value) {
      let y = Self.number(up.place(level.value))
      text += "<path class=\"level\" d=\"M\(Self.number(Self.left)) \(y)H\(Self.number(Self.right))\"/>"
    }
    for mark in marks {
      let x = Self.number(across.place(Double(mark.step)))
      text += "<path class=\"mark \(mark.style)\" d=\"M\(x) \(Self.number(Self.top))V\(Self.number(Self.bottom))\">"
      text += "<title>\(mark.text.htmlEscaped)</title></path>"
    }
    for series in drawn { text += Self.paths(series, across, up) + Self.rings(series, across, up) }
    return text + "</svg>"
  }

  private static func paths(_ series: Series, _ across: Axis, _ up: Axis) -> String {
    let points = series.curve.points
    let xs = points.map { number(across.place($0.step)) }
    let raw = zip(xs, points).map { "\($0) \(number(up.place($1.mean)))" }
    let smooth = zip(xs, series.curve.smoothed).map { "\($0) \(number(up.place($1)))" }
    if points.count == 1 {
      let y = number(up.place(points[0].mean))
      return "<circle class=\"dot \(series.style)\" cx=\"\(xs[0])\" cy=\"\(y)\" r=\"3\"/>"
    }
    var text = ""
    if points.contains(where: { $0.low < $0.high }) {
      let over = zip(xs, points).map { "\($0) \(number(up.place($1.high)))" }
      let under = zip(xs, points).reversed().map { "\($0) \(number(up.place($1.low)))" }
      text += "<path class=\"band \(series.style)\" d=\"M\((over + under).joined(separator: "L"))Z\"/>"
    }
    if raw != smooth { text += "<path class=\"raw \(series.style)\" d=\"M\(raw.joined(separator: "L"))\"/>" }
    return text + "<path class=\"line \(series.style)\" d=\"M\(smooth.joined(separator: "L"))\"/>"
  }

  private static func rings(_ series: Series, _ across: Axis, _ up: Axis) -> String {
    series.rings.map { ring in
      let (x, y) = (number(across.place(Double(ring.step))), number(up.place(ring.value)))
      return "<circle class=\"ring \(series.style)\" cx=\"\(x)\" cy=\"\(y)\" r=\"5\">"
        + "<title>\(ring.text.htmlEscaped)</title></circle>"
    }.joined()
  }

  /// The range of the smoothed lines and of nearly all the rest: a single outlier must not flatten the curves, and is
  /// drawn at the frame instead.
  private func valueRange(_ drawn: [Series]) -> ClosedRange<Double> {
    var low = leastRange?.lowerBound ?? .infinity
    var high = leastRange?.upperBound ?? -.infinity
    for curve in drawn.map(\.curve) {
      let count = curve.points.count
      low = min(low, curve.smoothed.min() ?? low, curve.points.map(\.low).sorted()[count / 50])
      high = max(high, curve.smoothed.max() ?? high, curve.points.map(\.high).sorted()[count - 1 - count / 50])
    }
    return low...high
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : Wording.fixed(value, 1)
  }
}
