import Samples
import Torch

/// The pairs of which a metric says the worst.
public struct WorstPairs {
  /// There are at most so many.
  public static let limit = 10

  /// A pair, and what the metric says of it.
  public struct Pair {
    /// Its place among all pairs, from 0.
    public let place: Int
    /// The metric's value for it alone.
    public let value: Double
    /// The pair itself: one sample, with what is known of it.
    public let pair: DerivedSamples
  }

  /// The metric.
  public let metric: Metric
  /// The pairs, the worst one first.
  public private(set) var pairs: [Pair] = []
  private var count = 0

  init(_ metric: Metric) { self.metric = metric }

  /// Looks at the next pairs, which have these values.
  mutating func add(_ batch: DerivedSamples, _ values: [Double]) {
    for (row, value) in values.enumerated() where !value.isNaN {
      let isFull = pairs.count == Self.limit
      if isFull, let best = pairs.last?.value, !metric.isBetter(best, than: value) { continue }
      let place = pairs.firstIndex { metric.isBetter($0.value, than: value) } ?? pairs.count
      pairs.insert(Pair(place: count + row, value: value, pair: batch.row(row)), at: place)
      if isFull { pairs.removeLast() }
    }
    count += values.count
  }
}

extension DerivedSamples {
  /// One of the samples, in memory of its own.
  fileprivate func row(_ row: Int) -> DerivedSamples {
    func taken(_ rows: Tensor?) -> Tensor? { rows.map { $0[row..<(row + 1)].clone() } }
    return DerivedSamples(
      samples[row..<(row + 1)].clone(), of: taken(sources), targets: taken(targets),
      reconstructions: taken(reconstructions))
  }
}
