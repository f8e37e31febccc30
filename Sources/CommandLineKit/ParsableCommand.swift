/// A command: its arguments are properties, its work is ``run()``.
///
/// ```swift
/// struct Train: ParsableCommand {
///   static let configuration = CommandConfiguration(commandName: "train", abstract: "Train a GAN.")
///   @Argument(help: "The recipe.") var recipe: String?
///   @Option(help: ArgumentHelp("The pictures.", valueName: "source")) var data = "digits"
///   @Flag(help: "Print no progress.") var quiet = false
///   mutating func run() throws { ... }
/// }
/// ```
///
/// A command has either arguments or subcommands. The declarations are those of swift-argument-parser, so that it could
/// take this module's place.
public protocol ParsableCommand: ParsableArguments, SendableMetatype {
  /// The command's name, texts and subcommands.
  static var configuration: CommandConfiguration { get }

  /// Does the command's work.
  ///
  /// - Throws: ``ValidationError`` when the command line was wrong (status 2), ``ExitCode`` for another status, or any
  ///   error, which is printed as one line (status 1).
  mutating func run() throws
}

extension ParsableCommand {
  /// A command with subcommands does nothing itself.
  public mutating func run() throws {}
}

/// A command's name, texts and subcommands.
public struct CommandConfiguration: Sendable {
  let commandName: String
  let abstract: String
  let discussion: String
  let version: String
  let subcommands: [any ParsableCommand.Type]

  /// - Parameters:
  ///   - commandName: the word that calls the command.
  ///   - abstract: what it does, in a line.
  ///   - discussion: more about it; its line breaks are kept.
  ///   - version: what `--version` prints; there is no such option when empty. Only the outermost command's counts.
  ///   - subcommands: what can follow the name.
  public init(
    commandName: String, abstract: String = "", discussion: String = "", version: String = "",
    subcommands: [any ParsableCommand.Type] = []
  ) {
    self.commandName = commandName
    self.abstract = abstract
    self.discussion = discussion
    self.version = version
    self.subcommands = subcommands
  }
}
