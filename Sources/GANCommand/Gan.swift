import Files
import CommandLineKit
import GAN

/// The command `gan`.
struct Gan: ParsableCommand {
  /// How this process was called, for commands that people are shown to try next: a path, or `gan` where it is on theirs.
  static var invocation: String {
    let called = Invocation.arguments.first ?? "gan"
    return called.contains("/") ? called.shellQuoted : "gan"
  }

  static let configuration = CommandConfiguration(
    commandName: "gan", abstract: "Train, judge and ship generative adversarial networks.",
    discussion: "Begin with 'gan train': it needs nothing but this machine.",
    version: Version.text,
    subcommands: [
      Train.self, Resume.self, Sample.self, Evaluate.self, Compare.self, Bench.self, Data.self, Extractor.self,
      Recipes.self, Doctor.self, Version.self,
    ])
}
