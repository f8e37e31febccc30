/// Arguments that several commands share, declared once.
public protocol ParsableArguments {
  /// The arguments with their defaults.
  init()
}

/// Puts the arguments of a ``ParsableArguments`` type among those of a command: `@OptionGroup var limits: Limits`.
@propertyWrapper
public struct OptionGroup<Arguments: ParsableArguments>: ArgumentDeclaration {
  /// The shared arguments.
  public var wrappedValue: Arguments

  /// The group with its defaults.
  public init() { wrappedValue = Arguments() }

  func definitions(property: String) -> [ArgumentDefinition] { argumentDefinitions(of: wrappedValue) }
}
