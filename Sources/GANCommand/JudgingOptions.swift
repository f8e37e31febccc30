import CommandLineKit
import GAN

/// How a generator is judged while it is trained.
struct JudgingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Judge the generator every so many steps, 0 for never; by default as often as costs 5 % of the time.",
      valueName: "N"))
  var evalEvery: Int?
  @Option(help: ArgumentHelp("The metrics, the one that decides first.", valueName: "fid,recall,..."))
  var metrics: String?
  @Option(help: ArgumentHelp("One of \(ExtractorChoice.names.joined(separator: ", ")).", valueName: "EXTRACTOR"))
  var extractor: String?
  @Option(
    help: ArgumentHelp(
      "Alarms that end the run: divergence, collapse, discriminator-wins, discriminator-loses, memorisation.",
      valueName: "LIST"))
  var stopOn: String?

  /// Makes the changes; says what is wrong with one.
  func change(_ settings: inout JudgingSettings) throws {
    if let evalEvery {
      guard evalEvery >= 0 else { throw ValidationError("--eval-every needs a number from 0, got \(evalEvery)") }
      settings.every = evalEvery
    }
    if let metrics { settings.metrics = try Metric.list(metrics) }
    if let extractor { settings.extractor = try ExtractorChoice(extractor).absolute }
    if let stopOn { settings.stopOn = try AlarmKind.list(stopOn, among: AlarmKind.all) }
  }
}
