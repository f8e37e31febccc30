// Which game `auto` plays.
extension AutoRecipe {
  /// Network and terms for a data set, and why.
  static func game(for data: Dataset) -> (Recipe, [String]) {
    (Recipe(name, purpose: purpose, network: .dcgan, steps: 1), [])
  }
}

extension Recipe {
  /// Sets what follows from batch, steps and data, and says what.
  mutating func balance(count: Int) -> [String] { [] }
}
