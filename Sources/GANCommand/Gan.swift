import CommandLineKit
import GAN

/// The command `gan`.
struct Gan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan", abstract: "Train, judge and ship generative adversarial networks.",
    discussion: "Begin with 'gan train': it needs nothing but this machine.",
    version: Version.text,
    subcommands: [
      Train.self, Resume.self, Sample.self, Data.self, Recipes.self, Doctor.self, Version.self,
    ])
}
