/// A JSON object (RFC 8259) on one line, whose members keep the order in which they are added.
package struct JSONObject {
  private var text = "{"

  /// An object without members.
  package init() {}

  /// Adds a text.
  package mutating func add(_ key: String, _ value: String) {
    begin(key)
    appendQuoted(value)
  }

  /// Adds a whole number.
  package mutating func add(_ key: String, _ value: some BinaryInteger) {
    begin(key)
    text += "\(value)"
  }

  /// Adds a truth.
  package mutating func add(_ key: String, _ value: Bool) {
    begin(key)
    text += value ? "true" : "false"
  }

  /// Adds a number. JSON has no spelling for those that are not finite: they become null.
  package mutating func add(_ key: String, _ value: Double) {
    begin(key)
    text += value.isFinite ? "\(value)" : "null"
  }

  /// Adds an object.
  package mutating func add(_ key: String, _ value: JSONObject) {
    begin(key)
    text += value.line
  }

  /// Adds an array of texts.
  package mutating func add(_ key: String, _ elements: [String]) {
    begin(key)
    text += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      appendQuoted(element)
    }
    text += "]"
  }

  /// Adds an array of objects.
  package mutating func add(_ key: String, _ elements: [JSONObject]) {
    begin(key)
    text += "[" + elements.map(\.line).joined(separator: ",") + "]"
  }

  /// The object's text, without a line end.
  package var line: String { text + "}" }

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
