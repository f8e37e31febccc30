import Datasets
import Files
import Metrics
import RunLog
import Samples
import Torch

/// Judges samples against a data set, and says with every number what it rests on.
///
/// ```swift
/// let mnist = try DataSource("mnist")
/// let evaluator = try Evaluator(mnist.load(.train), heldOut: mnist.load(.test))
/// for record in try evaluator(ModelSamples(Sampler(model, seed: 1), count: 10_000)).records {
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
  private let heldOut: Dataset?
  private let palette: Palette?
  private let judge: Judge
  private let seed: UInt64
  /// What held-out data reach in the samples' place, by the number of samples.
  private let floor: Floor?

  /// Prepares everything that does not depend on the samples; the cache keeps it, so that the next time is short.
  ///
  /// - Parameters:
  ///   - data: the reference, usually a training split, loaded with `options`.
  ///   - heldOut: data of the same kind that nobody trained on: for the floor of every metric and for memorisation.
  ///   - settings: which extractor, metrics and number of samples.
  ///   - isTraining: whether a training run is judged, for which fewer metrics are taken by default.
  ///   - needed: metrics that are taken in any case and decide first, as those of a goal.
  ///   - also: metrics that are taken in any case, as those that alarms look at.
  ///   - catalogue: the metrics from which those that suit the data are taken where the settings name none.
  ///   - known: what is known of the samples that are judged.
  ///   - mayTrain: whether an extractor that is missing may be trained, which takes minutes.
  ///   - seed: what subsets, projections and pairs are drawn by.
  ///   - note: gets a sentence about what takes time.
  /// - Throws: ``TrainingError`` or `MetricError` for an extractor or a metric that does not suit the data.
  public init(
    _ data: Dataset, heldOut: Dataset? = nil, settings: JudgingSettings = JudgingSettings(),
    isTraining: Bool = false, needed: [Metric] = [], also: [Metric] = [],
    from catalogue: MetricCatalogue = .standard, known: KnownOfSamples = [], mayTrain: Bool = true, seed: UInt64 = 1,
    options: LoadOptions = LoadOptions(), note: (String) -> Void = { _ in }
  ) throws {
    var training = ExtractorNotes()
    let choice = try ExtractorChoice(settings.extractor)
    let made = try choice.extractor(for: data, options: options, mayTrain: mayTrain) { progress in
      if let line = training.line(progress, data) { note(line) }
    }
    guard let extractor = made else {
      throw TrainingError(
        "no classifier of \(data.plainName) is there to judge with; gan extractor train --data "
          + "\((data.source?.description ?? data.name).shellQuoted)\(options.asArguments) makes one, once")
    }
    if let heldOut, heldOut.shape != data.shape {
      note("the test split has \(heldOut.shape) samples and the training split \(data.shape): it is not used")
    }
    let heldOut = heldOut?.shape == data.shape ? heldOut : nil
    hasHeldOut = heldOut != nil
    let cache = ReferenceCache(cacheFolder: options.cacheFolder)
    var pace = PreparationNotes(isNeeded: !cache.holds(data, extractor))
    let reference = try cache.reference(
      data, extractor,
      progress: { done, total in
        if let line = pace.line(done, total, of: data.plainName, by: extractor.name) { note(line) }
      }, unsaved: { note("warning: \($0)") })
    let palette = known.contains(.targets) ? try Palette(of: data) : nil
    let suited = SuitedMetrics(
      data, reference, hasHeldOut: heldOut != nil, known: known, hasPalette: palette != nil, from: catalogue)
    if let shortage = suited.shortage { note(shortage) }
    let usual = settings.metrics ?? (isTraining ? suited.inTraining : suited.all)
    let metrics = try suited.checked((needed + usual + also).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    judge = Judge(reference, extractor, metrics, training: data, heldOut: heldOut, palette: palette, seed: seed)
    (self.data, self.extractor, self.reference, self.metrics, self.seed) = (data, extractor, reference, metrics, seed)
    (self.heldOut, self.palette) = (heldOut, palette)
    // Held-out data say nothing about copies of themselves, are pairs with nothing, and were made of nothing.
    let unmeasurable: [Metric.Need] = [.heldOut, .pairs, .reconstructions]
    let measurable = metrics.filter { metric in !unmeasurable.contains(where: metric.needs.contains) }
    floor = heldOut.map {
      Floor(
        $0, judge: Judge(reference, extractor, measurable, training: data, heldOut: nil, seed: seed), measurable, seed,
        identity: [data.fingerprint, extractor.fingerprint, extractor.resize], cacheFolder: options.cacheFolder)
    }
  }

  /// Judges samples, all of them.
  ///
  /// - Throws: `MetricError` when there are too few, or some are not finite or of another shape.
  public func callAsFunction(_ samples: any SampleStream) throws -> Evaluation {
    let judgement = try withoutGradient { try judge(samples) }
    let floors = try withoutGradient { try floor?.values(samples.count) } ?? [:]
    let records = judgement.scores.map { metric, score in
      let extractor = judge.extractor(of: metric)
      return MetricRecord(
        metric: metric.name, value: score.value, deviation: score.deviation,
        floor: metric.chance?(reference, samples.count) ?? floors[metric.name], realCount: score.realCount,
        fakeCount: score.fakeCount, data: reference.data, dataFingerprint: data.fingerprint,
        split: data.split.rawValue, extractor: extractor.name, fingerprint: extractor.fingerprint,
        resize: extractor.resize,
        precision: Precision.float32.rawValue, seed: seed, version: packageVersion)
    }
    return Evaluation(records: records, judgement: judgement, data: data, isStacked: reference.isStacked)
  }

  /// The value of the first metric alone; not a number where it has none.
  ///
  /// - Throws: what judging all of them throws.
  func decidingValue(of samples: any SampleStream) throws -> Double {
    let decider = Judge(
      reference, extractor, [metrics[0]], training: data, heldOut: heldOut, palette: palette, seed: seed)
    return try withoutGradient { try decider(samples) }.scores.first?.score.value ?? .nan
  }

  /// What a reader should know of the metrics of so many samples.
  public func caveats(_ count: Int) -> [String] {
    var found = metrics.compactMap { $0.caveat?(reference, count) }
    let missing = metrics.filter { $0.fewest.samples > count }
    if !missing.isEmpty {
      let named = missing.map { "\($0) (\($0.fewest.samples) or more)" }.joined(separator: ", ")
      found.append("\(count) samples are judged, too few for \(named)")
    }
    if let floor, floor.limit < count {
      found.append("no floor: the test split has \(floor.limit) samples, and \(count) are judged")
    }
    return found
  }
}

/// What is said while an extractor is trained: a line at its beginning and every quarter.
private struct ExtractorNotes {
  private var quarter = -1

  mutating func line(_ progress: ExtractorProgress, _ data: Dataset) -> String? {
    let reached = 4 * progress.step / max(progress.steps, 1)
    guard reached > quarter, reached < 4 else { return nil }
    quarter = reached
    return reached == 0
      ? "training the \(progress.extractor) of \(data.plainName) to judge with, once"
      : "\(progress.extractor) of \(data.plainName): \(reached) of 4 parts"
  }
}

/// What is said while the reference is made: a line at its beginning and every ten seconds.
private struct PreparationNotes {
  private var last: ContinuousClock.Instant?
  private let isNeeded: Bool

  init(isNeeded: Bool) { self.isNeeded = isNeeded }

  mutating func line(_ done: Int, _ total: Int, of data: String, by extractor: String) -> String? {
    let now = ContinuousClock.now
    guard isNeeded, last.map({ now - $0 > .seconds(10) }) ?? true else { return nil }
    let isFirst = last == nil
    last = now
    return isFirst
      ? "preparing to judge: \(total) samples of \(data) are seen by \(extractor), once" : "seen: \(done) of \(total)"
  }
}

extension LoadOptions {
  /// The options as a command takes them.
  fileprivate var asArguments: String {
    (size.map { " --size \($0.width)x\($0.height)" } ?? "") + (classesFromFolders ? " --classes folders" : "")
  }
}
