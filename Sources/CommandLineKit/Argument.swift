/// A positional argument: `@Argument(help: "The recipe.") var recipe: String?`.
///
/// Without an initial value it is required, unless its type is optional; an array takes all remaining arguments.
@propertyWrapper
public struct Argument<Value>: ArgumentDeclaration {
  private let parameter: Parameter<Value>

  /// The value given, or the default.
  public var wrappedValue: Value {
    get { parameter.slot.read() }
    nonmutating set { parameter.slot.value = newValue }
  }

  /// An argument with a default.
  public init(wrappedValue: Value, help: ArgumentHelp = "") where Value: ExpressibleByArgument {
    parameter = Parameter(wrappedValue, help)
  }

  /// A required argument.
  public init(help: ArgumentHelp = "") where Value: ExpressibleByArgument { parameter = Parameter(nil, help) }

  /// An optional argument.
  public init<Wrapped: ExpressibleByArgument>(help: ArgumentHelp = "") where Value == Wrapped? {
    parameter = Parameter(optional: help)
  }

  /// Any number of arguments, with a default.
  public init<Element: ExpressibleByArgument>(wrappedValue: Value, help: ArgumentHelp = "") where Value == [Element] {
    parameter = Parameter(wrappedValue, repeating: help)
  }

  /// One or more arguments.
  public init<Element: ExpressibleByArgument>(help: ArgumentHelp = "") where Value == [Element] {
    parameter = Parameter(nil, repeating: help)
  }

  func definitions(property: String) -> [ArgumentDefinition] {
    [parameter.definition(.positional, names: [], property: property)]
  }
}
