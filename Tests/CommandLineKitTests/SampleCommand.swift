import CommandLineKit

/// The commands that the tests call; what a command read is thrown to be looked at.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan", abstract: "Train, judge and ship GANs.", version: "gan 1.2.3",
    subcommands: [Train.self, Extractor.self, Fail.self])

  struct Extractor: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "extractor", abstract: "Feature extractors.", subcommands: [ExtractorTrain.self])
  }

  struct ExtractorTrain: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "train", abstract: "Train a feature extractor.")
    @Option(help: ArgumentHelp("The pictures.", valueName: "source")) var data: String
    @Argument(help: "The files to write.") var files: [String]
    mutating func run() throws { throw Read("data \(data), files \(files)") }
  }

  struct Limits: ParsableArguments {
    @Option(help: "Stop after so many steps.") var maximumSteps: Int?
  }

  enum Precision: String, CaseIterable, ExpressibleByArgument { case auto, float32, bfloat16 }

  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "train", abstract: "Train a GAN and leave a run folder.",
      discussion: """
        The recipe says everything about the game; options change it in single places, and the run folder keeps what \
        came of them.

          gan train dcgan --data photos/
        """)
    @Argument(help: "The recipe.") var recipe: String?
    @Argument(help: "Runs to start from.") var runs: [String] = []
    @Option(
      help: ArgumentHelp(
        "The pictures: a folder, a file or a named set, downloaded when it is not there yet.", valueName: "source"))
    var data = "digits"
    @Option(name: .shortAndLong, help: ArgumentHelp("Images a step.", valueName: "n")) var batch = 64
    @Option(help: "The learning rate.") var rate: Double = 0.5
    @Option(help: "The arithmetic.") var precision = Precision.auto
    @Option(help: "The stream of random numbers.") var seed: UInt64?
    @Option(help: ArgumentHelp("Change a setting of the recipe.", valueName: "key=value")) var set: [String] = []
    @OptionGroup var limits: Limits
    @Flag(name: .shortAndLong, help: "Print no progress.") var quiet = false
    @Flag(name: .customLong("no-color"), help: "Print without colours.") var color = true

    mutating func run() throws {
      throw Read(
        "recipe \(recipe ?? "-"), runs \(runs), data \(data), batch \(batch), rate \(rate), precision \(precision), "
          + "seed \(seed.map(String.init) ?? "-"), set \(set), steps \(limits.maximumSteps ?? -1), "
          + "quiet \(quiet), color \(color)")
    }
  }

  struct Fail: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fail", abstract: "End in some way.")
    @Argument(help: "The way.") var way: String
    mutating func run() throws {
      switch way {
      case "usage": throw ValidationError("--size and --recipe exclude each other")
      case "guard": throw ExitCode(3)
      case "interrupt": throw ExitCode(130)
      case "work": throw Read("runs/first: the disk is full")
      default: break
      }
    }
  }
}

/// What a command has read.
struct Read: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What came of a command line.
struct Outcome: Equatable {
  var status: Int32
  var output = ""
  var error = ""

  init(_ arguments: String..., width: Int = 80) { self.init(arguments, width: width) }

  init(_ arguments: [String], width: Int = 80) {
    var output = ""
    var error = ""
    status = Sample.main(
      arguments: arguments, width: width, output: { output += $0 }, error: { error += $0 })
    self.output = output
    self.error = error
  }
}
