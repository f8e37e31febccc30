import CommandLineKit
import GAN

/// `gan recipes`
struct Recipes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes", abstract: "List the recipes, or the settings of one.")

  @Argument(help: ArgumentHelp("The recipe whose settings are shown.", valueName: "NAME"))
  var name: String?

  mutating func run() throws {
    guard let name else {
      for recipe in Recipe.all { print(Self.row(recipe.name, recipe.purpose, width: 14)) }
      return
    }
    let recipe = try asCommandLine { try Recipe.named(name) }
    print("\(recipe.name): \(recipe.purpose)\n")
    for field in RecipeField.all {
      print(Self.row("\(field.key)=\(field.text(recipe))", field.expectation, width: 42))
    }
  }

  private static func row(_ left: String, _ right: String, width: Int) -> String {
    left + String(repeating: " ", count: max(width - left.count, 1)) + right
  }
}
