/// A metric's value with everything that decides whether it is comparable with another.
public struct MetricRecord: Sendable, Equatable {
  /// The metric, such as `fid`.
  public var metric: String
  /// Its value.
  public var value: Double
  /// The standard deviation of the value over other draws of samples; not a number where there is no estimate.
  public var deviation: Double
  /// What held-out data reach against the same reference with the same number of samples, where there are any.
  public var floor: Double?
  /// Samples of the data that entered.
  public var realCount: Int
  /// Generated samples that entered.
  public var fakeCount: Int
  /// The data that were the reference, as in `mnist`.
  public var data: String
  /// The fingerprint of these data: equal for equal contents.
  public var dataFingerprint: String
  /// The split of the data that was the reference, as in `train`.
  public var split: String
  /// The feature extractor, as in `classifier (mnist)`.
  public var extractor: String
  /// The extractor's fingerprint.
  public var fingerprint: String
  /// The extractor's resize rule.
  public var resize: String
  /// The arithmetic that made the samples and their features, as in `float32`.
  public var precision: String
  /// What all draws depended on.
  public var seed: UInt64
  /// The version of swift-gan.
  public var version: String

  /// A record from its parts.
  public init(
    metric: String, value: Double, deviation: Double, floor: Double? = nil, realCount: Int, fakeCount: Int,
    data: String, dataFingerprint: String, split: String, extractor: String, fingerprint: String, resize: String,
    precision: String, seed: UInt64, version: String
  ) {
    self.metric = metric
    self.value = value
    self.deviation = deviation
    self.floor = floor
    self.realCount = realCount
    self.fakeCount = fakeCount
    self.data = data
    self.dataFingerprint = dataFingerprint
    self.split = split
    self.extractor = extractor
    self.fingerprint = fingerprint
    self.resize = resize
    self.precision = precision
    self.seed = seed
    self.version = version
  }

  /// Whether the values of both may stand in one column: same metric, reference, extractor and numbers of samples.
  public func isComparable(to other: MetricRecord) -> Bool {
    metric == other.metric && dataFingerprint == other.dataFingerprint && split == other.split
      && fingerprint == other.fingerprint
      && resize == other.resize && realCount == other.realCount && fakeCount == other.fakeCount
  }

  /// The record as a JSON object on one line.
  package var jsonLine: String { jsonObject.line }

  package var jsonObject: JSONObject {
    var object = JSONObject()
    object.add("metric", metric)
    object.add("value", value)
    object.add("deviation", deviation)
    if let floor { object.add("floor", floor) }
    object.add("n_real", realCount)
    object.add("n_fake", fakeCount)
    object.add("data", data)
    object.add("data_fingerprint", dataFingerprint)
    object.add("split", split)
    object.add("extractor", extractor)
    object.add("fingerprint", fingerprint)
    object.add("resize", resize)
    object.add("precision", precision)
    object.add("seed", seed)
    object.add("swift_gan", version)
    return object
  }
}

/// An evaluation of the generator in the course of a run.
public struct EvaluationRecord: Sendable, Equatable {
  /// Steps done since the run's beginning.
  public var step: Int
  /// Training time since the run's beginning, in seconds, without evaluations.
  public var seconds: Double
  /// What this evaluation cost, in seconds.
  public var cost: Double
  /// What all evaluations of the run cost so far, in seconds.
  public var totalCost: Double
  /// Whether this is the best generator so far, by the first metric.
  public var isBest: Bool
  /// The metrics, the one that decides first.
  public var metrics: [MetricRecord]
  /// The worst pairs, where pairs were judged.
  public var worst: WorstRecord?

  /// The pairs of which a metric says the worst.
  public struct WorstRecord: Sendable, Equatable {
    /// The metric.
    public var metric: String
    /// The places of the pairs among all, from 0, the worst one first.
    public var places: [Int]
    /// The metric's value for each.
    public var values: [Double]

    /// A record from its parts.
    public init(metric: String, places: [Int], values: [Double]) {
      (self.metric, self.places, self.values) = (metric, places, values)
    }

    var jsonObject: JSONObject {
      var object = JSONObject()
      object.add("metric", metric)
      object.add(
        "pairs",
        zip(places, values).map { place, value in
          var pair = JSONObject()
          pair.add("place", place)
          pair.add("value", value)
          return pair
        })
      return object
    }
  }

  /// A record from its parts.
  public init(
    step: Int, seconds: Double, cost: Double, totalCost: Double, isBest: Bool, metrics: [MetricRecord],
    worst: WorstRecord? = nil
  ) {
    self.step = step
    self.seconds = seconds
    self.cost = cost
    self.totalCost = totalCost
    self.isBest = isBest
    self.metrics = metrics
    self.worst = worst
  }
}

/// A sign that a run goes wrong.
public struct AlarmRecord: Sendable, Equatable {
  /// Steps done since the run's beginning.
  public var step: Int
  /// What goes wrong, by its name on the command line: `divergence`, `collapse`, `discriminator-wins`,
  /// `discriminator-loses`, `memorisation`.
  public var kind: String
  /// The numbers that show it, in a sentence.
  public var evidence: String
  /// What to try, in a sentence.
  public var advice: String

  /// A record from its parts.
  public init(step: Int, kind: String, evidence: String, advice: String) {
    self.step = step
    self.kind = kind
    self.evidence = evidence
    self.advice = advice
  }
}
