import Samples
import Torch

/// A batch of samples as a metric sees it.
public struct SeenBatch {
  /// The samples, and what is known of each.
  public let derived: DerivedSamples
  /// What the extractor makes of them.
  public let features: Features

  /// The samples, `[n, C, H, W]` in [-1, 1].
  public var samples: Tensor { derived.samples }
}

/// What one pass over samples leaves for the metrics: the first few samples and features themselves, and how often each
/// class was read.
public struct Observations {
  /// Examples take at most this many bytes.
  private static let exampleBytes = 64 << 20
  /// There are at most so many examples.
  private static let exampleLimit = 2000

  /// What the samples are judged against.
  public let basis: Metric.Basis
  /// How many samples there were.
  public let count: Int
  /// The features of the first ``Reference/keptFeatures`` samples, `[n, D]`.
  public let features: Tensor
  /// The first samples, `[n, C, H, W]`, to look at.
  public let examples: Tensor
  /// The classes that were read, combined where there are several in a sample; nil where the extractor knows none.
  public let modes: StackedModes?
  /// The class of each example as the extractor reads it, where it knows classes.
  public let exampleClasses: [Int]?
  /// What metrics of these samples share.
  public let shared = SharedValues()

  /// How many samples were read as each class, or combination of classes; nil where the extractor knows none.
  public var histogram: ClassHistogram? { modes?.histogram }

  /// Runs `samples` through `extractor` and hands every batch to `body`.
  ///
  /// - Throws: ``MetricError`` when there are fewer than two samples, or they are not finite or of a shape that the
  ///   extractor does not take.
  init(
    _ samples: any SampleStream, _ extractor: any FeatureExtractor, _ basis: Metric.Basis,
    _ body: (SeenBatch) throws -> Void
  ) throws {
    guard samples.count > 1 else {
      throw MetricError("\(samples.count) sample: an evaluation needs at least two, and thousands for reliable values")
    }
    let limit = min(Self.exampleLimit, max(2, Self.exampleBytes / (4 * samples.shape.elementCount)))
    var (rows, pictures, read): ([Tensor], [Tensor], [Int]) = ([], [], [])
    var modes: StackedModes?
    var (done, width): (Int, Int?) = (0, nil)
    try Self.forEachBatch(of: samples) { derived in
      let batch = derived.samples
      let seen = try extractor(batch)
      try seen.values.requireFeatures(width: width, first: done)
      width = seen.values.size(1)
      var readHere: [Int] = []
      if let logits = seen.logits {
        modes = try modes ?? StackedModes(groups: logits.size(1), classes: logits.size(2))
        readHere = try modes?.add(logits) ?? []
      }
      if done < Reference.keptFeatures {
        rows.append(seen.values[0..<min(batch.size(0), Reference.keptFeatures - done)])
      }
      if done < limit {
        let count = min(batch.size(0), limit - done)
        pictures.append(batch[0..<count])
        read += readHere.prefix(count)
      }
      try body(SeenBatch(derived: derived, features: seen))
      done += batch.size(0)
    }
    (self.basis, self.modes, count) = (basis, modes, done)
    features = .concatenated(rows)
    examples = .concatenated(pictures)
    exampleClasses = modes == nil ? nil : read
  }

  private static func forEachBatch(of samples: any SampleStream, _ body: (DerivedSamples) throws -> Void) throws {
    guard let derived = samples as? any DerivedSampleStream else {
      return try samples.forEachBatch { try body(DerivedSamples($0)) }
    }
    try derived.forEachDerived(body)
  }
}
