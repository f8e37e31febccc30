import CommandLineKit
import Files
import GAN

/// A run as the command shows it: progress or JSON, signals, and the closing lines.
struct TrainingSession {
  let trainer: Trainer
  let output: OutputOptions

  /// Trains, prints progress and results, and throws the exit status unless it is 0.
  ///
  /// - Parameter canStartAgain: whether running out of memory in the first step is thrown as it is, as a `TorchError`; else it
  ///   comes with advice.
  func run(until limits: Limits?, canStartAgain: Bool = false) throws {
    Signals.install()
    let bar = ProgressBar.standardError(quiet: output.quiet || output.json)
    let firstStep = trainer.progress.step
    if trainer.isAtRest {
      note(
        "warning: learning rates have fallen below a hundredth of their first values by step \(firstStep), so that further "
          + "steps change hardly anything: start a longer run instead"
          + (trainer.game.product is Translator ? ", or one from its weights, with --start-from \(model.path)" : ""))
    }
    let end: RunEnd
    do {
      end = try trainer.run(until: limits) { event in
        var responses = [Signals.response(), bar.observe(event)]
        if output.json { responses.append(JSONLines.standardOutput.observe(event)) }
        return responses.first { $0 != .continue } ?? .continue
      }
    } catch let error as TorchError where error.kind == .outOfMemory {
      if canStartAgain && trainer.progress.step == 0 { throw error }
      throw TrainingError(
        "memory ran out with batch \(trainer.training.batch): start again with a smaller --batch, or free memory and "
          + "continue from the last checkpoint with gan resume \(trainer.run.path.shellQuoted) (\(error))")
    }
    if end.reason == .completed, end.step == firstStep {
      note(
        "no step was trained: the run had already reached its limit at step \(end.step); limits count from the start of "
          + "the run, so raise it, as in --steps \(Self.further(end.step))")
    }
    if output.quiet || output.json {
      // There was no progress bar to show it.
      if end.reason.exitStatus != 0 { note("\(end.reason)") }
      if !output.json, let line = listed(model.name, model.path) { note(line) }
    } else {
      for line in closing(end) { note(line) }
    }
    if end.reason.exitStatus != 0 { throw ExitCode(end.reason.exitStatus) }
  }

  /// The files of the run, and the commands to try next.
  private func closing(_ end: RunEnd) -> [String] {
    let run = trainer.run
    let path = run.path.shellQuoted
    let files = [
      listed("pictures", run.newestSample, writtenAs: run.sample(step: end.step)), listed("report", run.report),
      listed(model.name, model.path),
    ].compactMap { $0 }
    var next: [String] = []
    if exists(model.path) {
      next.append("  \(Gan.invocation) sample \(path) --count 100 --out grid.png")
      if trainer.game.product is Translator { next.append("  \(Gan.invocation) apply \(path) photos/ --out out/") }
    }
    let isSpent = end.reason == .completed && trainer.isAlmostAtRest
    if run.isInPlace, !isSpent, (try? run.checkpoints())?.isEmpty == false {
      next.append("  \(Gan.invocation) resume \(path) --steps \(Self.further(end.step))")
    }
    return (files.isEmpty ? [] : [""] + files) + (next.isEmpty ? [] : ["", "Next:"] + next)
  }

  /// A limit worth resuming a run for that stands at `step`.
  private static func further(_ step: Int) -> Int { max(2 * step, step + 1000) }

  /// A line for a file of the run, if it is there; it says so if the file is that of an earlier step, since the last one
  /// could not be written (under its own name or as `other`).
  private func listed(_ name: String, _ path: String, writtenAs other: String? = nil) -> String? {
    guard exists(path) else { return nil }
    let isOld = trainer.unsaved.contains { $0.path == path || $0.path == other }
    let padding = String(repeating: " ", count: max(11 - name.count, 1))
    return name + padding + path + (isOld ? "  (from an earlier step)" : "")
  }

  /// The file to ship, and what it is: "generator" or "model".
  private var model: (name: String, path: String) {
    let name = trainer.game.product.fileName
    return (String(name.prefix { $0 != "." }), "\(trainer.run.path)/\(name)")
  }

  private func exists(_ path: String) -> Bool { trainer.run.isInPlace && FileSystem.exists(path) }
}
