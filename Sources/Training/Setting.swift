import Files

/// A named, typed setting of a `Root`: its value as text, and how text becomes its value.
public struct Setting<Root>: Sendable {
  /// Where a setting's value lies.
  public typealias Path<Value> = WritableKeyPath<Root, Value> & Sendable

  /// The name, as in "learning_rate".
  public let key: String
  /// What may be given, as in "a whole number from 1".
  public let expectation: String
  /// The value as text.
  public let text: @Sendable (Root) -> String
  /// Sets the value, or answers false when the text is none.
  private let parse: @Sendable (inout Root, String) -> Bool

  /// The most of what is counted in a step: products of several such numbers must remain whole numbers.
  public static var sizes: ClosedRange<Int> { 1...1_000_000 }
  /// The most steps a setting can name: more than any machine plays.
  public static var mostSteps: Int { 1_000_000_000_000 }

  /// A setting by its parts.
  public init(
    key: String, expectation: String, text: @escaping @Sendable (Root) -> String,
    parse: @escaping @Sendable (inout Root, String) -> Bool
  ) {
    (self.key, self.expectation, self.text, self.parse) = (key, expectation, text, parse)
  }

  /// Sets the value from text.
  ///
  /// - Throws: ``TrainingError`` that names the setting, the text and what would be right.
  public func set(_ root: inout Root, _ value: String) throws(TrainingError) {
    guard parse(&root, value) else { throw TrainingError("\(key) needs \(expectation), got '\(value)'") }
  }

  /// The setting as one of a `Whole` that holds the root at `path`, its key behind `prefix` and a dot where there is one.
  public func of<Whole>(_ path: WritableKeyPath<Whole, Root> & Sendable, prefix: String? = nil) -> Setting<Whole> {
    let (text, parse) = (text, parse)
    return Setting<Whole>(
      key: prefix.map { "\($0).\(key)" } ?? key, expectation: expectation, text: { text($0[keyPath: path]) }
    ) { parse(&$0[keyPath: path], $1) }
  }

  /// A whole number in `range`.
  public static func whole(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>) -> Setting {
    let bounds = "from \(range.lowerBound) to \(range.upperBound)"
    return Setting(key: key, expectation: "a whole number \(bounds)", text: { "\($0[keyPath: path])" }) {
      guard let number = Int($1), range.contains(number) else { return false }
      $0[keyPath: path] = number
      return true
    }
  }

  /// A number in `range`.
  public static func number(
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

  /// True or false.
  public static func truth(_ key: String, _ path: Path<Bool>) -> Setting {
    Setting(key: key, expectation: "true or false", text: { "\($0[keyPath: path])" }) {
      guard let truth = Bool($1) else { return false }
      $0[keyPath: path] = truth
      return true
    }
  }

  /// One of several words.
  public static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(
    _ key: String, _ path: Path<Choice>
  )
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
  public static func choice<Choice: RawRepresentable & CaseIterable & SendableMetatype>(
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

  /// The path of something on the disk, which is made absolute so that it means the same from any working folder, or "none".
  ///
  /// - Parameters:
  ///   - what: what lies there, as in "the folder of a run".
  ///   - words: texts that are no paths.
  public static func path(_ key: String, _ path: Path<String?>, _ what: String, or words: [String] = []) -> Setting {
    let none = "none"
    return Setting(key: key, expectation: "\(what), or \(none)", text: { $0[keyPath: path] ?? none }) {
      guard !$1.isEmpty else { return false }
      $0[keyPath: path] = $1 == none ? nil : words.contains($1) ? $1 : FileSystem.absolute($1)
      return true
    }
  }

  /// Several choices in the order given, joined by commas, or "none".
  public static func choices<Choice: RawRepresentable & CaseIterable & Hashable & SendableMetatype>(
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
