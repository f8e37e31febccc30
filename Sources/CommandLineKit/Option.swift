/// An option with a value, `--batch 64` or `--batch=64`: `@Option(help: "Images per step.") var batch = 64`.
///
/// It is required without an initial value, unless it is optional; an array can be given several times.
@propertyWrapper
public struct Option<Value>: ArgumentDeclaration {
  private let name: NameSpecification
  private let parameter: Parameter<Value>

  /// The value given, or the default.
  public var wrappedValue: Value {
    get { parameter.slot.read() }
    nonmutating set { parameter.slot.value = newValue }
  }

  /// An option with a default.
  public init(
    wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp = ""
  ) where Value: ExpressibleByArgument {
    self.name = name
    parameter = Parameter(wrappedValue, help)
  }

  /// A required option.
  public init(name: NameSpecification = .long, help: ArgumentHelp = "") where Value: ExpressibleByArgument {
    self.name = name
    parameter = Parameter(nil, help)
  }

  /// An optional option.
  public init<Wrapped: ExpressibleByArgument>(
    name: NameSpecification = .long, help: ArgumentHelp = ""
  ) where Value == Wrapped? {
    self.name = name
    parameter = Parameter(optional: help)
  }

  /// An option that can be given several times; the first given replaces the default.
  public init<Element: ExpressibleByArgument>(
    wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp = ""
  ) where Value == [Element] {
    self.name = name
    parameter = Parameter(wrappedValue, repeating: help)
  }

  func definitions(property: String) -> [ArgumentDefinition] {
    [parameter.definition(.option, names: name.names(property: property), property: property)]
  }
}
