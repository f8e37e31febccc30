import Metrics

/// What a run knows of its evaluations so far. A checkpoint holds it, so that a run that goes on knows its best.
package struct EvaluationHistory: Sendable, Codable, Equatable {
  /// Evaluations so far.
  package var count = 0
  /// The step of the newest one.
  package var lastStep: Int?
  /// What the newest one cost, in seconds.
  package var lastCost: Double?
  /// What all cost together, in seconds.
  package var totalCost = 0.0
  /// The best value so far of the metric that decides, and its step.
  package var best: Best?
  /// Evaluations since the best one.
  package var sinceBest = 0
  /// The newest values, by the metrics' names.
  package var values: [String: Double] = [:]

  /// The best evaluation: by this metric, with the features of this extractor.
  package struct Best: Sendable, Codable, Equatable {
    package var metric: String
    package var fingerprint: String
    package var value: Double
    package var step: Int
  }

  /// A run before its first evaluation.
  package init() {}

  /// Takes note of an evaluation that failed.
  package mutating func fail(step: Int, cost: Double) {
    (lastStep, lastCost) = (step, cost)
    totalCost += cost
  }

  /// Takes note of an evaluation, in which `metric` decides; says whether it is the best so far. Values of another metric or
  /// another extractor are not compared.
  package mutating func add(
    step: Int, cost: Double, metric: Metric, values: [String: Double], fingerprint: String = ""
  ) -> Bool {
    count += 1
    // After a choice the product of the same step is judged again.
    let isRepeated = lastStep == step
    (lastStep, lastCost) = (step, cost)
    totalCost += cost
    // JSON, which a checkpoint holds, has no other numbers.
    self.values = values.filter(\.value.isFinite)
    let value = values[metric.name] ?? .nan
    if best?.metric != metric.name || best?.fingerprint != fingerprint { best = nil }
    let isBest = value.isFinite && (best.map { metric.isBetter(value, than: $0.value) } ?? true)
    if isBest { best = Best(metric: metric.name, fingerprint: fingerprint, value: value, step: step) }
    sinceBest = isBest ? 0 : isRepeated ? sinceBest : sinceBest + 1
    return isBest
  }
}
