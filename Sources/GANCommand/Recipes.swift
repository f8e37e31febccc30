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
      print(Self.row(AutoRecipe.name, AutoRecipe.purpose, width: 18))
      for recipe in Recipe.all { print(Self.row(recipe.name, recipe.purpose, width: 18)) }
      return
    }
    guard name != AutoRecipe.name else {
      print("\(name): \(AutoRecipe.purpose)\n")
      print("'gan train auto --data DATA --minutes M' says what it chose and why, and writes it into recipe.json.")
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
