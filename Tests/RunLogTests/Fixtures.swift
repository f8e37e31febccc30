import Foundation
import RunLog

/// Calls `body` with the path of a new folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("runlog-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

func read(_ path: String) throws -> String {
  try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
}

/// The lines of a log as Foundation reads them.
func objects(in path: String) throws -> [[String: Any]] {
  try read(path).split(separator: "\n").map { line in
    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
  }
}

/// The scalars of a game of two players.
extension Scalar {
  static let lossOfD = Scalar("loss_discriminator", title: "D", group: Group(title: "Losses", label: "loss"))
  static let lossOfG = Scalar("loss_generator", title: "G", group: Group(title: "Losses", label: "loss"))
  static let gradient = Scalar("gradient_generator", title: "G", group: Group(title: "Gradient norm"))

  static func scores(areProbabilities: Bool) -> (real: Scalar, fake: Scalar) {
    let group = Group(title: areProbabilities ? "Probability of being real" : "Scores", label: "")
    return (
      Scalar("score_real", title: "D(x)", group: group, isProbability: areProbabilities),
      Scalar("score_fake", title: "D(G(z))", group: group, isProbability: areProbabilities)
    )
  }
}

func start(
  firstStep: Int = 0, recipe: String = "dcgan", stepsLimit: Int? = 2000, probabilities: Bool = true,
  scalars: [Scalar]? = nil
) -> TrainingEvent {
  let scores = Scalar.scores(areProbabilities: probabilities)
  return .started(
    RunStart(
      recipe: recipe,
      dataset: RunStart.Dataset(source: "digits", name: "digits", count: 60_000, shape: "28x28 grey"),
      players: [
        RunStart.Player("generator", parameters: 1_430_000), RunStart.Player("discriminator", parameters: 431_000),
      ],
      scalars: scalars ?? [.lossOfD, .lossOfG, scores.real, scores.fake, .gradient], batch: 64,
      arithmetic: RunStart.Arithmetic(precision: "float32", device: "cpu", threads: 2), stepsLimit: stepsLimit,
      firstStep: firstStep, runPath: "runs/dcgan-digits"))
}

func record(
  _ step: Int, lossOfD: Double = 1.25, stepsLimit: Int? = 2000, secondsLimit: Double? = nil,
  probabilities: Bool = true
) -> StepRecord {
  let scores = Scalar.scores(areProbabilities: probabilities)
  return StepRecord(
    step: step, samples: step * 64, seconds: Double(step) / 10,
    scalars: [.lossOfD: lossOfD, .lossOfG: 0.75, scores.real: 0.625, scores.fake: 0.375], samplesPerSecond: 640,
    stepsLimit: stepsLimit, secondsLimit: secondsLimit)
}

func end(_ step: Int, _ reason: StopReason = .completed) -> TrainingEvent {
  .finished(RunEnd(step: step, samples: step * 64, seconds: Double(step) / 10, reason: reason))
}

func metric(
  _ name: String, _ value: Double, deviation: Double = 0.25, floor: Double? = nil, realCount: Int = 60_000,
  fakeCount: Int = 10_000, extractor: String = "classifier (digits)", fingerprint: String = "0123456789abcdef"
) -> MetricRecord {
  MetricRecord(
    metric: name, value: value, deviation: deviation, floor: floor, realCount: realCount, fakeCount: fakeCount,
    data: "digits", dataFingerprint: "d", split: "train", extractor: extractor, fingerprint: fingerprint,
    resize: "none",
    precision: "float32", seed: .max, version: "0.4.0")
}

func evaluation(_ step: Int, isBest: Bool = false, _ metrics: MetricRecord...) -> TrainingEvent {
  .evaluated(
    EvaluationRecord(
      step: step, seconds: Double(step) / 10, cost: 0.5, totalCost: Double(step) / 400, isBest: isBest,
      metrics: metrics))
}

func alarm(_ step: Int, _ kind: String = "collapse") -> TrainingEvent {
  .alarmed(
    AlarmRecord(
      step: step, kind: kind, evidence: "coverage fell from 0.61 to 0.02", advice: "--set objective=hinge"))
}
