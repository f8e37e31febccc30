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

  /// The limits, or nil when none is given.
  func limits() throws -> Limits? {
    if let steps, steps < 1 { throw ValidationError("--steps needs a number from 1, got \(steps)") }
    if let images, images < 1 { throw ValidationError("--images needs a number from 1, got \(images)") }
    if let minutes, !(minutes > 0 && minutes.isFinite) { throw ValidationError("--minutes needs a number above 0, got \(minutes)") }
    let limits = Limits(steps: steps, images: images, minutes: minutes)
    return limits.isEmpty ? nil : limits
  }
}
