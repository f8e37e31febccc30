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
    let end = try explainingMemory {
      try trainer.run(until: limits) { event in
        var response = bar.observe(event)
        if output.json, case .stop(let reason) = JSONLines.standardOutput.observe(event) { response = .stop(reason) }
        return response == .continue ? Signals.response() : response
      }
    }
    if output.quiet || output.json {
      // The bar was not there to say it.
      if end.reason.exitStatus != 0 { note("\(end.reason)") }
      if !output.json { note("generator  \(trainer.run.generator)") }
    } else {
      note(closing(end))
    }
    if end.reason.exitStatus != 0 { throw ExitCode(end.reason.exitStatus) }
  }

  private func closing(_ end: RunEnd) -> String {
    let run = trainer.run
    let path = run.path.shellQuoted
    var lines = [""]
    if end.step > 0 { lines.append("pictures   \(run.newestSample)") }
    lines += ["report     \(run.report)", "generator  \(run.generator)", "", "Next:"]
    if end.step > 0 { lines.append("  \(Gan.invocation) sample \(path) --count 100 --out grid.png") }
    lines.append("  \(Gan.invocation) resume \(path) --steps \(max(2 * end.step, end.step + 1000))")
    return lines.joined(separator: "\n")
  }

  /// Says what to do when memory has run out.
  private func explainingMemory(_ body: () throws -> RunEnd) throws -> RunEnd {
    do {
      return try body()
    } catch let error as TorchError where error.kind == .outOfMemory {
      throw GANError(
        "memory ran out with batch \(trainer.game.recipe.batch): begin anew with a smaller --batch, or free memory and go "
          + "on from the last checkpoint with gan resume \(trainer.run.path.shellQuoted) (\(error))")
    }
  }
}

/// Prints for people: on standard error, which is not for programs.
func note(_ text: String) { FileHandle.standardError.write(Foundation.Data((text + "\n").utf8)) }
