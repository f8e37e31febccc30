/// An option without a value: `@Flag(help: "Print less.") var quiet = false`.
@propertyWrapper
public struct Flag: ArgumentDeclaration {
  private let name: NameSpecification
  private let help: ArgumentHelp
  private let slot: ArgumentSlot<Bool>

  /// Whether the flag was given.
  public var wrappedValue: Bool {
    get { slot.read() }
    nonmutating set { slot.value = newValue }
  }

  /// A flag that inverts `wrappedValue`.
  public init(wrappedValue: Bool, name: NameSpecification = .long, help: ArgumentHelp = "") {
    self.name = name
    self.help = help
    slot = ArgumentSlot(wrappedValue)
  }

  func definitions(property: String) -> [ArgumentDefinition] {
    let given = slot.value != true
    return [
      ArgumentDefinition(
        kind: .flag, names: name.names(property: property), valueName: "", help: help.abstract, isRequired: false,
        isRepeating: false, defaultText: nil, expectation: "",
        store: { [slot] _ in
          slot.value = given
          return true
        })
    ]
  }
}
