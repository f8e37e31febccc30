import CommandLineKit
import GAN

/// `gan resume`
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run, exactly, from its newest valid checkpoint.",
    discussion: "Limits are totals of the run and are kept; without one those it was last given hold.")

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "RUN"))
  var folder: String
  @OptionGroup var limits: LimitOptions
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    let limits = try limits.limits()
    let run = try RunDirectory.open(folder)
    let settings = try RunRecord(contentsOf: run.recipe).run
    let data = try loadTrainingData(settings, quiet: output.quiet || output.json)
    let heldOut = try loadHeldOutData(settings, like: data, quiet: output.quiet || output.json)
    let trainer = try Trainer(resuming: run, data: data, heldOut: heldOut) { note("passed over: \($0)") }
    try TrainingSession(trainer: trainer, output: output).run(until: limits)
  }
}
