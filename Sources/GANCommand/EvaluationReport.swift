import Foundation
import GAN

/// What `gan evaluate` found, for people and for programs.
struct EvaluationReport {
  let samples: String
  let evaluator: Evaluator
  let evaluation: Evaluation
  let seconds: Double

  /// A line a metric.
  var json: String { evaluation.records.map(\.jsonLine).joined(separator: "\n") }

  var text: String {
    let reference = evaluator.reference
    let head = [
      ("samples", samples),
      ("reference", "\(reference.data), \(reference.split.rawValue) split, \(reference.count.grouped)"),
      ("extractor", "\(evaluator.extractor.name), \(evaluator.extractor.fingerprint.prefix(12))"),
      ("resize", evaluator.extractor.resize),
    ]
    let lines = (head + classes).map { $0.padded(14) + $1 }
    let table = ScoreLines(records: evaluation.records, metrics: evaluator.metrics).lines
    return (lines + [""] + table + ["", footnote]).joined(separator: "\n")
  }

  /// How many samples were classified as each class, for up to 20 classes.
  private var classes: [(String, String)] {
    guard let counts = evaluation.histogram?.counts, counts.count <= 20 else { return [] }
    return [("classes", counts.enumerated().map { "\($0): \($1)" }.joined(separator: ", "))]
  }

  private var footnote: String {
    let floor =
      evaluator.hasHeldOut
      ? "floor: what the test split reaches. " : "no floor: the data have no test split. "
    let ofPixels = evaluation.records.filter { $0.extractor == "pixels" && evaluator.extractor.name != "pixels" }
    let pixels = ofPixels.isEmpty ? "" : ofPixels.map(\.metric).joined(separator: ", ") + ": on pixels. "
    return floor + pixels + "Took \(seconds.brief) s, preparations not included."
  }
}
