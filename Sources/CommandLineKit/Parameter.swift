/// How the text of an argument becomes the value of a property: one value, an optional one, or one more of many.
struct Parameter<Value> {
  let slot: ArgumentSlot<Value>
  let help: ArgumentHelp
  let isRequired: Bool
  let isRepeating: Bool
  let defaultText: String?
  let expectation: String
  let store: (String) -> Bool

  init(_ initial: Value?, _ help: ArgumentHelp) where Value: ExpressibleByArgument {
    let slot = ArgumentSlot(initial)
    self.slot = slot
    self.help = help
    isRequired = initial == nil
    isRepeating = false
    defaultText = initial?.defaultValueDescription
    expectation = Value.argumentExpectation
    store = { text in
      guard let value = Value(argument: text) else { return false }
      slot.value = value
      return true
    }
  }

  init<Wrapped: ExpressibleByArgument>(optional help: ArgumentHelp) where Value == Wrapped? {
    let slot = ArgumentSlot<Value>(.some(nil))
    self.slot = slot
    self.help = help
    isRequired = false
    isRepeating = false
    defaultText = nil
    expectation = Wrapped.argumentExpectation
    store = { text in
      guard let value = Wrapped(argument: text) else { return false }
      slot.value = .some(value)
      return true
    }
  }

  init<Element: ExpressibleByArgument>(_ initial: [Element]?, repeating help: ArgumentHelp) where Value == [Element] {
    let slot = ArgumentSlot<Value>(initial)
    var given: [Element] = []
    self.slot = slot
    self.help = help
    isRequired = initial == nil
    isRepeating = true
    let texts = initial?.map(\.defaultValueDescription) ?? []
    defaultText = texts.isEmpty ? nil : texts.joined(separator: ", ")
    expectation = Element.argumentExpectation
    store = { text in
      guard let value = Element(argument: text) else { return false }
      given.append(value)
      slot.value = given
      return true
    }
  }

  func definition(_ kind: ArgumentDefinition.Kind, names: [String], property: String) -> ArgumentDefinition {
    ArgumentDefinition(
      kind: kind, names: names, valueName: help.valueName ?? kebabCase(property), help: help.abstract,
      isRequired: isRequired, isRepeating: isRepeating, defaultText: defaultText, expectation: expectation, store: store
    )
  }
}

extension NameSpecification {
  /// The names as they are typed, the long one last.
  func names(property: String) -> [String] {
    let long = long ?? kebabCase(property)
    return (hasShort ? ["-" + long.prefix(1)] : []) + ["--" + long]
  }
}
