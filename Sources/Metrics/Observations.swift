import Samples
import Torch

/// What one pass over samples leaves for the metrics: sums, counts, and the first few samples and features themselves.
struct Observations {
  /// Examples take at most this many bytes.
  private static let exampleBytes = 64 << 20
  /// There are at most so many examples.
  private static let exampleLimit = 2000

  let gaussian: GaussianAccumulator
  /// The classes that were read, combined where there are several in a sample; nil where the extractor knows none.
  let modes: StackedModes?
  /// Nil where nobody asked for it.
  let inception: InceptionScoreAccumulator?
  /// The features of the first ``Reference/keptFeatures`` samples.
  let features: Tensor
  /// The first samples.
  let examples: Tensor
  /// The class of each example, where the extractor knows classes.
  let exampleClasses: [Int]?

  /// Runs `samples` through `extractor`.
  ///
  /// - Throws: ``MetricError`` when there are fewer than two samples, or they are not finite or of a shape that the
  ///   extractor does not take.
  init(_ samples: any SampleStream, _ extractor: any FeatureExtractor, scoresClasses: Bool) throws {
    guard samples.count > 1 else {
      throw MetricError("\(samples.count) sample: to judge takes two or more, and thousands to judge well")
    }
    let limit = min(Self.exampleLimit, max(2, Self.exampleBytes / (4 * samples.shape.elementCount)))
    var (rows, pictures, read): ([Tensor], [Tensor], [Int]) = ([], [], [])
    let gaussian = GaussianAccumulator()
    var modes: StackedModes?
    var inception =
      scoresClasses ? try InceptionScoreAccumulator(count: samples.count, splits: min(10, samples.count)) : nil
    var done = 0
    try samples.forEachBatch { batch in
      let seen = try extractor(batch)
      try gaussian.add(seen.values)
      var readHere: [Int] = []
      if let logits = seen.logits {
        modes = try modes ?? StackedModes(groups: logits.size(1), classes: logits.size(2))
        readHere = try modes?.add(logits) ?? []
        try inception?.add(logits.reshaped(logits.size(0), -1))
      }
      if done < Reference.keptFeatures {
        rows.append(seen.values[0..<min(batch.size(0), Reference.keptFeatures - done)])
      }
      if done < limit {
        let count = min(batch.size(0), limit - done)
        pictures.append(batch[0..<count])
        read += readHere.prefix(count)
      }
      done += batch.size(0)
    }
    (self.gaussian, self.modes, self.inception) = (gaussian, modes, inception)
    features = .concatenated(rows)
    examples = .concatenated(pictures)
    exampleClasses = modes == nil ? nil : read
  }
}
