/// Judges samples against a data set, and says with every number what it rests on.
///
/// ```swift
/// let evaluator = try Evaluator(data, heldOut: DataSource("mnist").load(.test), mayTrain: true)
/// for record in try evaluator(GeneratedSamples(Sampler(generator, seed: 1), kind: .images, count: 10_000)).records {
///   print(record.metric, record.value, "±", record.deviation)
/// }
/// ```
public final class Evaluator {
  /// What the samples are compared with.
  public let reference: Reference
  /// What sees them.
  public let extractor: any FeatureExtractor
  /// The metrics, the one that decides first.
  public let metrics: [Metric]
  /// Whether there are held-out data.
  public let hasHeldOut: Bool
  private let data: Dataset
  private let judge: Judge
  private let seed: UInt64
  /// What held-out data reach in the samples' place.
  private let floor: [String: Double]

  /// Prepares everything that does not depend on the samples; the cache keeps it, so that the next time is short.
  ///
  /// - Parameters:
  ///   - data: the reference, usually the training split of `source`.
  ///   - source: where the data come from, loaded with `options`.
  ///   - heldOut: data of the same kind that nobody trained on: for the floor of every metric and for memorisation.
  ///   - settings: which extractor, metrics and number of samples.
  ///   - isTraining: whether a training run is judged, for which fewer metrics are taken by default.
  ///   - needed: metrics that are taken in any case and decide first, as those of a goal.
  ///   - mayTrain: whether a classifier that is missing may be trained, which takes minutes.
  ///   - seed: what subsets, projections and pairs are drawn by.
  ///   - note: told what takes time.
  /// - Throws: ``GANError`` or `MetricError` for an extractor or a metric that does not suit the data.
  public init(
    _ data: Dataset, of source: DataSource, heldOut: Dataset? = nil, settings: JudgingSettings = JudgingSettings(),
    isTraining: Bool = false, needed: [Metric] = [], mayTrain: Bool = true, seed: UInt64 = 1,
    options: LoadOptions = LoadOptions(),
    note: (String) -> Void = { _ in }
  ) throws {
    var training = ClassifierNotes()
    let choice = try ExtractorChoice(settings.extractor)
    let made = try choice.extractor(for: data, of: source, options: options, mayTrain: mayTrain) { progress in
      if let line = training.line(progress, data) { note(line) }
    }
    guard let extractor = made else {
      throw GANError(
        "no classifier of \(data.plainName) is there to judge with; gan extractor train --data \(source.description.shellQuoted) "
          + "makes one, once")
    }
    hasHeldOut = heldOut != nil
    let cache = ReferenceCache(cacheFolder: options.cacheFolder)
    if !cache.holds(data, extractor) {
      note("preparing to judge: \(data.count) samples of \(data.plainName) are seen by \(extractor.name), once")
    }
    let reference = try cache.reference(data, extractor, unsaved: { note("warning: \($0)") })
    let suited = SuitedMetrics(data, reference, hasHeldOut: heldOut != nil)
    let usual = settings.metrics ?? (isTraining ? suited.inTraining : suited.all)
    let metrics = try suited.checked(needed + usual.filter { !needed.contains($0) })
    judge = Judge(reference, extractor, metrics, training: data, heldOut: heldOut, seed: seed)
    (self.data, self.extractor, self.reference, self.metrics, self.seed) = (data, extractor, reference, metrics, seed)
    // Held-out data say nothing about memorisation of themselves.
    let measurable = metrics.filter { $0 != .memorisation }
    floor =
      try heldOut.map {
        try Floor(
          $0, measurable, count: settings.count, seed: seed,
          judge: Judge(reference, extractor, measurable, training: data, heldOut: nil, seed: seed),
          identity: [data.fingerprint, extractor.fingerprint, extractor.resize], cacheFolder: options.cacheFolder
        ).values
      } ?? [:]
  }

  /// Judges samples, all of them.
  ///
  /// - Throws: `MetricError` when there are too few, or some are not finite or of another shape.
  public func callAsFunction(_ samples: any SampleStream) throws -> Evaluation {
    let judgement = try withoutGradient { try judge(samples) }
    let records = judgement.scores.map { metric, score in
      let seen = judge.extractor(of: metric)
      return MetricRecord(
        metric: metric.rawValue, value: score.value, deviation: score.deviation, floor: floor[metric.rawValue],
        realCount: score.realCount, fakeCount: score.fakeCount, data: reference.data,
        dataFingerprint: data.fingerprint, split: data.split.rawValue,
        extractor: seen.name, fingerprint: seen.fingerprint, resize: seen.resize,
        precision: Precision.float32.rawValue, seed: seed, version: SwiftGAN.version)
    }
    return Evaluation(records: records, judgement: judgement, data: data)
  }
}

/// What is said while a classifier is trained: a line at its beginning and every quarter.
private struct ClassifierNotes {
  private var quarter = -1

  mutating func line(_ progress: ClassifierProgress, _ data: Dataset) -> String? {
    let reached = 4 * progress.step / max(progress.steps, 1)
    guard reached > quarter, reached < 4 else { return nil }
    quarter = reached
    return reached == 0
      ? "training a classifier of \(data.plainName) to judge with, once"
      : "classifier of \(data.plainName): \(reached) of 4 parts"
  }
}
