import CommandLineKit
import Files
import GAN

extension Evaluate {
  /// Compares the pictures of two folders pair by pair.
  func compare(_ targets: String) throws {
    try checkPairsOptions()
    let asked = try asCommandLine { try metrics.map { try Metric.list($0) } }
    if let threads { Machine.threads = threads.count }
    let began = ContinuousClock.now
    let folders = try FolderPairs(samples, targets: targets, size: size.map { ($0.width, $0.height) })
    let line = StatusLine()
    let found = try FolderEvaluation(folders, metrics: asked) { done, total in
      if !json { line.show("compared \(done) of \(total) pairs", isLast: done == total) }
    }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    if json {
      print(found.records.map(\.jsonLine).joined(separator: "\n"))
    } else {
      let head = [("pictures", samples), ("truth", targets), ("pairs", folders.pairs.count.grouped)]
      let lines = head.map { $0.padded(14) + $1 } + [""]
      let table = ScoreLines(records: found.records, metrics: found.metrics).lines
      print(
        (lines + table + ["", "±: standard error over the pairs. Took \(seconds.brief) s."]).joined(separator: "\n"))
    }
    if worst, let metric = found.metrics.first {
      WorstPairsReport(metric: metric.name, pairs: found.worst).show(json: json)
    }
  }

  /// Throws for options of an evaluation against a distribution, and for a run in the pictures' place.
  private func checkPairsOptions() throws {
    let others = [
      ("--data", data != nil), ("--classes", classes != nil), ("--extractor", extractor != "auto"),
      ("--count", count != nil), ("--pictures", pictures != nil),
    ]
    if let other = others.first(where: { $0.1 })?.0 {
      throw ValidationError("--pairs compares two folders picture by picture, for which there is no \(other)")
    }
    guard !FileSystem.exists(samples + "/recipe.json"), !samples.hasSuffix(".safetensors") else {
      throw ValidationError(
        "--pairs compares two folders of pictures, and '\(samples)' is a model: 'gan evaluate \(samples)' judges it on the "
          + "held-out pairs of its data")
    }
  }
}
