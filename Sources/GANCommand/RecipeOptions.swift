import CommandLineKit
import GAN

/// Changes to a recipe: the options of every command that runs one.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Batch size.", valueName: "N"))
  var batch: Int?
  @Option(help: ArgumentHelp("Arithmetic: auto, float32 or bfloat16.", valueName: "P"))
  var precision: Precision?
  @Option(help: ArgumentHelp("Change a setting of the recipe; may be repeated.", valueName: "key=value"))
  var set: [String] = []

  /// Makes the changes.
  ///
  /// - Throws: the reason why one of them cannot be made.
  func change(_ recipe: inout some Recipe) throws {
    try apply(to: &recipe)
    try refuseUnread(in: recipe)
  }

  /// Makes the changes, whether or not anything reads them.
  func apply(to recipe: inout some Recipe) throws {
    let assignments = try assignments()
    if let batch { try recipe.set("batch", "\(batch)") }
    if let precision { try recipe.set("precision", precision.rawValue) }
    do {
      try recipe.set(assignments)
    } catch {
      let unknown = assignments.contains { key, _ in !Self.keys(of: recipe).contains(key) }
      throw unknown
        ? TrainingError(
          "\(error); 'gan recipes \(recipe.name == AutoRecipe.name ? "dcgan" : recipe.name)' lists all settings")
        : error
    }
  }

  /// Refuses a setting that nothing in `recipe` reads.
  func refuseUnread(in recipe: some Recipe) throws {
    for (key, _) in try assignments() {
      if let use = recipe.useOfUnreadSetting(key) { try refuse(key, readBy: use) }
    }
  }

  /// Refuses `key` if it was set, since only `use` would read it.
  func refuse(_ key: String, readBy use: String) throws {
    guard let value = try value(of: key) else { return }
    throw ValidationError("--set \(key)=\(value) would have no effect: \(key) is for \(use)")
  }

  /// The value that `key` was last set to; nil if it was not.
  func value(of key: String) throws -> String? { try assignments().last { $0.key == key }?.value }

  /// Forgets that `key` was set.
  mutating func remove(_ key: String) { set.removeAll { $0.hasPrefix(key + "=") } }

  private static func keys<R: Recipe>(of recipe: R) -> [String] { R.settings.map(\.key) }

  private func assignments() throws -> [(key: String, value: String)] {
    try set.map { assignment in
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw ValidationError("--set needs key=value, as in --set generator.learning_rate=0.0001; got '\(assignment)'")
      }
      return (String(parts[0]), String(parts[1]))
    }
  }
}

/// How many threads of the processor may be used.
struct ThreadCount: ExpressibleByArgument {
  let count: Int

  init?(argument: String) {
    guard let count = Int(argument), (1...1024).contains(count) else { return nil }
    self.count = count
  }

  static var argumentExpectation: String { "a number from 1 to 1024" }
}

extension Precision: ExpressibleByArgument {}
