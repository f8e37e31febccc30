/// A JSON object (RFC 8259) on one line, whose members keep the order in which they are added.
struct JSONObject {
  private var text = "{"

  mutating func add(_ key: String, _ value: String) {
    begin(key)
    appendQuoted(value)
  }

  mutating func add(_ key: String, _ value: Int) {
    begin(key)
    text += "\(value)"
  }

  mutating func add(_ key: String, _ value: Bool) {
    begin(key)
    text += value ? "true" : "false"
  }

  /// JSON has no spelling for numbers that are not finite: they become null.
  mutating func add(_ key: String, _ value: Double) {
    begin(key)
    text += value.isFinite ? "\(value)" : "null"
  }

  /// The object's text, without a line end.
  var line: String { text + "}" }

  private mutating func begin(_ key: String) {
    if text.utf8.count > 1 { text += "," }
    appendQuoted(key)
    text += ":"
  }

  private mutating func appendQuoted(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
