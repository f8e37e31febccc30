import CommandLineKit
import GAN

/// How a run is evaluated while it trains.
struct JudgingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evaluate every N steps, 0 for never; by default as often as fits into 5 % of the training time.",
      valueName: "N"))
  var evalEvery: Int?
  @Option(
    help: ArgumentHelp(
      "Metrics to compute; the first one decides which generator is best.", valueName: "fid,recall,..."))
  var metrics: String?
  @Option(
    help: ArgumentHelp("Feature extractor: \(ExtractorChoice.names.joined(separator: ", ")).", valueName: "EXTRACTOR"))
  var extractor: String?
  @Option(
    help: ArgumentHelp(
      "Stop the run on these alarms: \(AlarmKind.all.map(\.rawValue).joined(separator: ", ")).",
      valueName: "LIST"))
  var stopOn: String?

  /// Makes the changes; says what is wrong with one.
  func change(_ settings: inout JudgingSettings) throws {
    if let evalEvery {
      guard evalEvery >= 0 else { throw ValidationError("--eval-every must be 0 or more, got \(evalEvery)") }
      settings.every = evalEvery
    }
    if let metrics { settings.metrics = try Metric.list(metrics) }
    if let extractor { settings.extractor = try ExtractorChoice(extractor).absolute }
    if let stopOn { settings.stopOn = try AlarmKind.list(stopOn, among: AlarmKind.all) }
  }
}
