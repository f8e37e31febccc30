/// What an argument is for, and what its value is called.
public struct ArgumentHelp: ExpressibleByStringInterpolation {
  let abstract: String
  let valueName: String?

  /// - Parameter valueName: the word that stands for the value in usage lines; the property's name when nil.
  public init(_ abstract: String = "", valueName: String? = nil) {
    self.abstract = abstract
    self.valueName = valueName
  }

  /// Help without a name for the value.
  public init(stringLiteral value: String) { self.init(value) }
}

/// How an option or a flag is named on the command line.
public struct NameSpecification: Sendable {
  let hasShort: Bool
  let long: String?

  /// `--like-this`, from the property's name `likeThis`.
  public static let long = NameSpecification(hasShort: false, long: nil)

  /// `--name`.
  public static func customLong(_ name: String) -> NameSpecification { NameSpecification(hasShort: false, long: name) }

  /// `-l`, its first letter, beside `--like-this`.
  public static let shortAndLong = NameSpecification(hasShort: true, long: nil)
}

/// A declared argument, as the parser and the help see it.
struct ArgumentDefinition {
  enum Kind { case positional, option, flag }

  let kind: Kind
  /// `["-n", "--count"]`; empty for positional arguments.
  let names: [String]
  let valueName: String
  let help: String
  let isRequired: Bool
  let isRepeating: Bool
  let defaultText: String?
  /// What a value must be.
  let expectation: String
  /// Takes the value that the text spells; false when it spells none.
  let store: (String) -> Bool

  /// Its name in messages: `--count`, `<recipe>`.
  var title: String { names.last ?? "<\(valueName)>" }
}

/// What the property wrappers share: being found in a command, and saying what they declare.
protocol ArgumentDeclaration {
  func definitions(property: String) -> [ArgumentDefinition]
}

/// Where a parsed value goes. Shared with the parser, which knows the wrapper only as a copy.
final class ArgumentSlot<Value> {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func read() -> Value {
    guard let value else { preconditionFailure("an argument was read before the command line was parsed") }
    return value
  }
}

/// The definitions that the properties of `command` declare, in their order.
///
/// Property wrappers can be found by reflection alone; swift-argument-parser does the same.
func argumentDefinitions(of command: Any) -> [ArgumentDefinition] {
  Mirror(reflecting: command).children.flatMap { child in
    (child.value as? any ArgumentDeclaration)?.definitions(property: child.label ?? "") ?? []
  }
}

/// `likeThis` (or, as the compiler stores wrappers, `_likeThis`) as `like-this`.
func kebabCase(_ property: String) -> String {
  var name = ""
  for character in property.drop(while: { $0 == "_" }) {
    if character.isUppercase { name += "-" }
    name += character.lowercased()
  }
  return name
}
