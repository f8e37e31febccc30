/// A named, typed setting of a `Root`: its value as text, and how text becomes its value.
struct Setting<Root>: Sendable {
  typealias Path<Value> = WritableKeyPath<Root, Value> & Sendable

  let key: String
  let expectation: String
  let text: @Sendable (Root) -> String
  /// Sets the value, or answers false when the text is none.
  let parse: @Sendable (inout Root, String) -> Bool

  static func whole(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>) -> Setting {
    let bounds = "from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, expectation: "a whole number \(bounds)", text: { "\($0[keyPath: path])" }) {
      guard let number = Int($1), range.contains(number) else { return false }
      $0[keyPath: path] = number
      return true
    }
  }

  static func number(
    _ key: String, _ path: Path<Double>, _ range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude
  ) -> Setting {
    let bounds =
      range.upperBound == .greatestFiniteMagnitude
      ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, expectation: "a number \(bounds)", text: { "\($0[keyPath: path])" }) {
      guard let number = Double($1), range.contains(number) else { return false }
      $0[keyPath: path] = number
      return true
    }
  }

  static func truth(_ key: String, _ path: Path<Bool>) -> Setting {
    Setting(key: key, expectation: "true or false", text: { "\($0[keyPath: path])" }) {
      guard let truth = Bool($1) else { return false }
      $0[keyPath: path] = truth
      return true
    }
  }

  static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(_ key: String, _ path: Path<Choice>)
    -> Setting where Choice.RawValue == String
  {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return Setting(key: key, expectation: "one of \(words)", text: { $0[keyPath: path].rawValue }) {
      guard let choice = Choice(rawValue: $1) else { return false }
      $0[keyPath: path] = choice
      return true
    }
  }

  /// A choice that may be left to the program, which `none` says.
  static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(
    _ key: String, _ path: Path<Choice?>, none: String
  ) -> Setting where Choice.RawValue == String {
    let words = ([none] + Choice.allCases.map(\.rawValue)).joined(separator: ", ")
    return Setting(
      key: key, expectation: "one of \(words)", text: { $0[keyPath: path]?.rawValue ?? none }
    ) {
      guard let choice = Choice(rawValue: $1) else {
        if $1 == none { $0[keyPath: path] = nil }
        return $1 == none
      }
      $0[keyPath: path] = choice
      return true
    }
  }

  /// Several choices in the order given, joined by commas, or "none".
  static func choices<Choice: RawRepresentable & CaseIterable & Hashable & SendableMetatype>(
    _ key: String, _ path: Path<[Choice]>
  ) -> Setting where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return Setting(
      key: key, expectation: "none, or some of \(words) joined by commas",
      text: { $0[keyPath: path].isEmpty ? "none" : $0[keyPath: path].map(\.rawValue).joined(separator: ",") }
    ) {
      let names = $1 == "none" ? [] : $1.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let chosen = names.compactMap { Choice(rawValue: $0) }
      guard chosen.count == names.count, Set(chosen).count == chosen.count else { return false }
      $0[keyPath: path] = chosen
      return true
    }
  }
}
