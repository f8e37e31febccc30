import Torch

/// Which of the 1,000 modes of stacked digits samples hit: three digits, one per channel, each classified separately
/// (Metz et al. 2017, "Unrolled GANs", arXiv:1611.02163, section 3.3.1; Srivastava et al. 2017, arXiv:1705.07761, and
/// Lin et al. 2018, arXiv:1712.04086, judge by 26,000 samples).
public struct StackedModes: Sendable, Equatable {
  /// The most modes that are counted.
  public static let limit = 100_000

  /// Samples of each mode. The mode of the classes (a, b, c) is 100 a + 10 b + c.
  public private(set) var histogram: ClassHistogram
  /// The numbers read from a sample.
  public let groups: Int
  /// What each can be.
  public let classes: Int

  /// No samples yet.
  ///
  /// - Throws: ``MetricError`` when these would be more than ``limit`` modes.
  public init(groups: Int = 3, classes: Int = 10) throws(MetricError) {
    precondition(groups > 0 && classes > 1, "\(groups) numbers of \(classes) classes have no modes")
    var modes = 1
    for _ in 0..<groups {
      guard modes <= Self.limit / classes else {
        throw MetricError(
          "\(groups) x \(classes) class scores per sample give more than \(Self.limit) modes; use fewer classes, or "
            + "the extractor pixels")
      }
      modes *= classes
    }
    self.groups = groups
    self.classes = classes
    histogram = ClassHistogram(classes: modes)
  }

  /// All modes equally often, as digits that are stacked at random have them.
  public var uniform: ClassHistogram { ClassHistogram(counts: histogram.counts.map { _ in 1 }) }

  /// Counts the samples of a batch.
  ///
  /// - Parameter logits: raw class scores, `[N, groups, classes]`.
  /// - Returns: the mode of each sample.
  /// - Throws: ``MetricError`` when the shape is another or a logit is not finite; nothing is counted then.
  @discardableResult
  public mutating func add(_ logits: Tensor) throws -> [Int] {
    guard logits.rank == 3, logits.size(1) == groups, logits.size(2) == classes else {
      throw MetricError("logits of shape \(logits.shape): expected [N, \(groups), \(classes)]")
    }
    try logits.reshaped(-1, groups * classes).requireFeatures(first: histogram.total)
    let digits = try withTorchErrors { argmax(.tensor(logits), .int(2)).array(of: Int64.self).map(Int.init) }
    let modes = stride(from: 0, to: digits.count, by: groups).map { first in
      digits[first..<first + groups].reduce(0) { $0 * classes + $1 }
    }
    try histogram.add(classes: modes)
    return modes
  }

  /// The modes that have samples, with the deviation by the bootstrap over the samples.
  ///
  /// Samples of the data hit ``ClassHistogram/expectedHit(samples:)`` of them.
  public func modes(seed: UInt64) -> Score {
    let deviation = bootstrapDeviation(of: histogram.counts, seed: seed) { Double($0.count { $0 > 0 }) }
    return Score(Double(histogram.hit), deviation: deviation, realCount: 0, fakeCount: histogram.total)
  }
}

private let argmax = Operation("aten::argmax")
