import Files
import CommandLineKit
import GAN

/// The command `gan`.
struct Gan: ParsableCommand {
  /// How this process was called, for the commands it suggests: a path, or `gan` if that is on the search path.
  static var invocation: String {
    let called = Invocation.arguments.first ?? "gan"
    return called.contains("/") ? called.shellQuoted : "gan"
  }

  static let configuration = CommandConfiguration(
    commandName: "gan", abstract: "Train, evaluate and ship generative adversarial networks.",
    discussion: "Start with 'gan train': it needs neither data nor options.",
    version: Version.text,
    subcommands: [
      Train.self, Resume.self, Sample.self, Apply.self, Evaluate.self, Compare.self, Bench.self, Data.self,
      Extractor.self,
      Recipes.self, Doctor.self, Version.self,
    ])
}
