import Datasets
import Samples
import Torch

/// What a ``Judge`` found.
public struct Judgement {
  /// The metrics' scores in the order in which they were asked for; not a number where there is none, as of the spread
  /// of a mixture none of whose modes was hit.
  public let scores: [(metric: Metric, score: Score)]
  /// What one pass over the samples has shown.
  public let observations: Observations
  /// The pairs of which the first metric of pairs says the worst; nil without such a metric.
  public let worst: WorstPairs?
}

/// Computes metrics of samples in one pass through an extractor. The statistics of the data are there already; those of the
/// samples do not grow with their number, but for the features of the first ``Reference/keptFeatures``, the pictures of the
/// first few, the worst pairs, and the numbers of each pair.
public final class Judge {
  private let basis: Metric.Basis
  private let extractor: any FeatureExtractor
  private let metrics: [Metric]

  /// A judge of `metrics`, which must apply to the data.
  ///
  /// - Parameters:
  ///   - training: the data of `reference`.
  ///   - heldOut: data of the same kind, for the metrics that need some.
  ///   - palette: the colours of the data, for the metrics of label maps.
  ///   - seed: what subsets, projections and pairs are drawn by.
  public init(
    _ reference: Reference, _ extractor: any FeatureExtractor, _ metrics: [Metric], training: Dataset,
    heldOut: Dataset?, palette: Palette? = nil, seed: UInt64
  ) {
    basis = Metric.Basis(
      reference: reference, training: training, heldOut: heldOut, palette: palette, seed: seed)
    self.extractor = extractor
    self.metrics = metrics
  }

  /// The extractor behind a metric: the judge's own, unless the metric has another.
  public func extractor(of metric: Metric) -> ExtractorInfo {
    metric.extractor?(basis.training.shape) ?? ExtractorInfo(extractor)
  }

  /// Evaluates samples with those of the metrics that this many samples allow.
  ///
  /// - Throws: ``MetricError`` when there are too few, some are not finite or of a shape that the extractor does not take, or
  ///   a metric needs pairs and the samples have none.
  public func callAsFunction(_ samples: any SampleStream) throws -> Judgement {
    let metrics = metrics.filter { $0.fewest.samples <= samples.count }
    if let first = self.metrics.first, metrics.isEmpty, samples.count > 1 {
      throw MetricError(
        "\(first) needs at least \(first.fewest.samples) samples, and thousands for a reliable value; there are \(samples.count)"
      )
    }
    let measurements = try metrics.map { try $0.begin(basis, samples.count) }
    var worst: WorstPairs?
    let seen = try Observations(samples, extractor, basis) { batch in
      for (metric, measurement) in zip(metrics, measurements) {
        let values = try measurement.add(batch)
        guard !values.isEmpty, worst.map({ $0.metric == metric }) ?? true else { continue }
        if worst == nil { worst = WorstPairs(metric) }
        worst?.add(batch.derived, values)
      }
    }
    let scores = try zip(metrics, measurements).map { metric, measurement in
      let none = Score(.nan, deviation: .nan, realCount: 0, fakeCount: samples.count)
      return (metric, try measurement.score(seen) ?? none)
    }
    return Judgement(scores: scores, observations: seen, worst: worst)
  }
}
