import CommandLineKit
import Foundation
import GAN

/// A run as the command shows it: progress or JSON, signals, and what it ends with.
struct TrainingSession {
  let trainer: Trainer
  let output: OutputOptions

  /// Trains, prints what there is to see, and throws the exit status unless it is 0.
  func run(until limits: Limits?) throws {
    Signals.install()
    let bar = ProgressBar.standardError(quiet: output.quiet || output.json)
    let end = try trainer.run(until: limits) { event in
      var response = bar.observe(event)
      if output.json, case .stop(let reason) = JSONLines.standardOutput.observe(event) { response = .stop(reason) }
      return response == .continue ? Signals.response() : response
    }
    if !output.json && !output.quiet { note(closing(end)) }
    if end.reason.exitStatus != 0 { throw ExitCode(end.reason.exitStatus) }
  }

  private func closing(_ end: RunEnd) -> String {
    let run = trainer.run
    let path = run.path.contains(" ") ? "'\(run.path)'" : run.path
    var lines = [""]
    if end.step > 0 { lines.append("pictures   \(run.newestSample)") }
    lines += ["report     \(run.report)", "generator  \(run.generator)", "", "Next:"]
    lines.append("  gan sample \(path) --count 100 --out grid.png")
    lines.append("  gan resume \(path) --steps \(max(2 * end.step, end.step + 1000))")
    return lines.joined(separator: "\n")
  }
}

/// Prints for people: on standard error, which is not for programs.
func note(_ text: String) { FileHandle.standardError.write(Foundation.Data((text + "\n").utf8)) }
