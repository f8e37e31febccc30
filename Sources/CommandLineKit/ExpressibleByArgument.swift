/// A type whose values can be given on a command line.
public protocol ExpressibleByArgument {
  /// The value that `argument` spells, or nil when it spells none.
  init?(argument: String)

  /// What an argument must be, as the end of "--batch needs ...": "a whole number".
  static var argumentExpectation: String { get }

  /// The value as text, for defaults in the help.
  var defaultValueDescription: String { get }
}

extension ExpressibleByArgument {
  /// The value's description.
  public var defaultValueDescription: String { "\(self)" }
}

extension String: ExpressibleByArgument {
  /// The argument itself.
  public init?(argument: String) { self = argument }
  /// "a text"; every argument is one.
  public static var argumentExpectation: String { "a text" }
}

extension FixedWidthInteger where Self: ExpressibleByArgument {
  /// The number that the argument spells in decimal digits, when the type can hold it.
  public init?(argument: String) { self.init(argument, radix: 10) }
  /// "a whole number".
  public static var argumentExpectation: String {
    isSigned ? "a whole number" : "a whole number from 0 to \(max)"
  }
}

extension Int: ExpressibleByArgument {}
extension UInt64: ExpressibleByArgument {}

extension Double: ExpressibleByArgument {
  /// The finite number that the argument spells.
  public init?(argument: String) {
    guard let value = Double(argument), value.isFinite else { return nil }
    self = value
  }
  /// "a number".
  public static var argumentExpectation: String { "a number" }
}

/// An enumeration of words is given by its words.
extension ExpressibleByArgument where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The case of that raw value.
  public init?(argument: String) { self.init(rawValue: argument) }
  /// "one of a, b, c".
  public static var argumentExpectation: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
  /// The raw value.
  public var defaultValueDescription: String { rawValue }
}
