import CommandLineKit
import GAN

/// When a run has done enough, as `gan train` and `gan resume` take it.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop at this many training steps.", valueName: "N"))
  var steps: Int?
  @Option(help: ArgumentHelp("Stop at this many training images.", valueName: "N"))
  var images: Int?
  @Option(help: ArgumentHelp("Stop after this many minutes of training.", valueName: "M"))
  var minutes: Double?
  @Option(help: ArgumentHelp("Stop when metrics are reached, as in 'fid<12 and recall>0.5'.", valueName: "GOAL"))
  var until: String?
  @Option(help: ArgumentHelp("Stop after so many evaluations without a better one.", valueName: "K"))
  var patience: Int?

  /// The limits, or nil when none is given.
  func limits() throws -> Limits? {
    if let steps, steps < 1 { throw ValidationError("--steps needs a number from 1, got \(steps)") }
    if let images, images < 1 { throw ValidationError("--images needs a number from 1, got \(images)") }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes needs a number above 0, got \(minutes)")
    }
    if let patience, patience < 1 { throw ValidationError("--patience needs a number from 1, got \(patience)") }
    let goal = try asCommandLine { try until.map { try MetricGoal($0) } }
    let limits = Limits(steps: steps, samples: images, minutes: minutes, goal: goal, patience: patience)
    return limits.isEmpty ? nil : limits
  }
}
