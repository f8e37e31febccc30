import CommandLineKit
import Foundation
import GAN

/// `gan recipes`
struct Recipes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes", abstract: "List the recipes and what they reach, or one recipe's settings.")

  @Argument(help: ArgumentHelp("Show the settings of this recipe.", valueName: "NAME"))
  var name: String?

  mutating func run() throws {
    guard let name else { return list() }
    guard name != AutoRecipe.name else {
      introduce(name, AutoRecipe.purpose)
      print("'gan train auto --data DATA --minutes M' prints what it chose and why, and writes it to recipe.json.")
      return
    }
    let recipe = try asCommandLine { try Catalog.named(name) }
    introduce(name, recipe.purpose)
    show(recipe)
  }

  private func show<R: Recipe>(_ recipe: R) {
    for setting in R.settings { print("\(setting.key)=\(setting.text(recipe))".padded(42) + setting.expectation) }
  }

  /// All recipes, with what they are and what they reach.
  private func list() {
    let all = [(AutoRecipe.name, AutoRecipe.purpose)] + Catalog.all.map { ($0.name, $0.purpose) }
    print(Self.row("RECIPE", ["FID", "MS/STEP", "GB"], "WHAT IT IS"))
    for (name, purpose) in all { print(Self.row(name, Self.found(name), purpose)) }
    print("\nFID (lower is better), time per step and peak memory: after \(Expectation.conditions).")
    let conditional = ([AutoRecipe.name] + Catalog.all.filter(\.isConditional).map(\.name)).joined(separator: ", ")
    print(
      "Conditional on class labels, which the extractor was trained on, so compare their FIDs only with each other: "
        + "\(conditional).")
    print("'gan recipes NAME' lists a recipe's settings.")
  }

  /// A recipe's purpose and what it reaches, above its settings.
  private func introduce(_ name: String, _ purpose: String) {
    print("\(name): \(purpose)")
    if Expectation.of(name) != nil {
      let found = Self.found(name)
      print("reached FID \(found[0]) at \(found[1]) ms per step with \(found[2]) GB: \(Expectation.conditions)")
    }
    print()
  }

  /// FID and milliseconds in three digits, gigabytes with one decimal, or dashes where nothing was measured.
  private static func found(_ name: String) -> [String] {
    guard let found = Expectation.of(name) else { return ["-", "-", "-"] }
    return [found.fid, found.milliseconds].map { String(format: $0 < 100 ? "%.3g" : "%.0f", $0) }
      + [String(format: "%.1f", found.gigabytes)]
  }

  private static func row(_ name: String, _ found: [String], _ purpose: String) -> String {
    let numbers = zip(found, [6, 9, 6]).map { text, width in
      String(repeating: " ", count: max(width - text.count, 1)) + text
    }
    return name.padded(17) + numbers.joined() + "  " + purpose
  }
}
