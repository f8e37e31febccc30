import CommandLineKit
import GAN

/// When a run ends: the options of `gan train` and `gan resume`.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after N training steps.", valueName: "N"))
  var steps: Int?
  @Option(help: ArgumentHelp("Stop after N training images.", valueName: "N"))
  var images: Int?
  @Option(help: ArgumentHelp("Stop after M minutes of training.", valueName: "M"))
  var minutes: Double?
  @Option(help: ArgumentHelp("Stop when the metrics reach a goal, as in 'fid<12 and recall>0.5'.", valueName: "GOAL"))
  var until: String?
  @Option(help: ArgumentHelp("Stop after K evaluations in a row without improvement.", valueName: "K"))
  var patience: Int?

  /// The limits, or nil when none is given.
  func limits() throws -> Limits? {
    if let steps, steps < 1 { throw ValidationError("--steps must be at least 1, got \(steps)") }
    if let images, images < 1 { throw ValidationError("--images must be at least 1, got \(images)") }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes must be above 0, got \(minutes)")
    }
    if let patience, patience < 1 { throw ValidationError("--patience must be at least 1, got \(patience)") }
    let goal = try asCommandLine { try until.map { try MetricGoal($0) } }
    let limits = Limits(steps: steps, samples: images, minutes: minutes, goal: goal, patience: patience)
    return limits.isEmpty ? nil : limits
  }
}
