import GAN

/// Events made by hand, for suites that try alarms on them.
protocol MadeEvents {}

extension MadeEvents {
  /// What a healthy step of the logistic game looks like, but for what `change` does.
  func step(_ number: Int, _ change: (inout StepRecord) -> Void = { _ in }) -> TrainingEvent {
    let wobble = Double(number * 7919 % 97) / 97
    var record = StepRecord(
      step: number, samples: number, seconds: 0,
      scalars: [
        .lossDiscriminator: 1.2 + 0.3 * wobble, .lossGenerator: 0.8 + 0.5 * wobble, .scoreReal: 0.6 + 0.1 * wobble,
        .scoreFake: 0.3 + 0.1 * wobble, .gradientGenerator: 0.5 + wobble,
      ], samplesPerSecond: 1)
    change(&record)
    return .stepped(record)
  }

  func steps(_ range: ClosedRange<Int>, _ change: (inout StepRecord) -> Void = { _ in }) -> [TrainingEvent] {
    range.map { step($0, change) }
  }

  func evaluation(_ step: Int, _ values: KeyValuePairs<String, Double>, floors: [String: Double] = [:])
    -> TrainingEvent
  {
    .evaluated(
      EvaluationRecord(
        step: step, seconds: 0, cost: 0, totalCost: 0, isBest: false,
        metrics: values.map { name, value in
          MetricRecord(
            metric: name, value: value, deviation: 0.01 * abs(value), floor: floors[name], realCount: 1, fakeCount: 1,
            data: "d", dataFingerprint: "d", split: "train", extractor: "e", fingerprint: "f", resize: "none",
            precision: "float32", seed: 1, version: "1")
        }))
  }

  /// What held-out data reach.
  static var floors: [String: Double] { ["fid": 1, "coverage": 0.95, "recall": 0.9, "class-kl": 0.001] }
}
