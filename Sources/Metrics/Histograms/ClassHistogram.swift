import Foundation
import Torch

private let argmax = Operation("aten::argmax")

extension Metric {
  /// Kullback–Leibler divergence of the samples' class histogram from the data's, in nats.
  public static let classKL = Metric(
    "class-kl", better: .low, needs: [.pictures, .classes], inTraining: [.pictures], score: divergence
  ).expecting { reference, samples in reference.histogram?.expectedDivergence(samples: samples) }

  /// Kullback–Leibler divergence of the samples' modes from the data's, in nats: of combinations of classes.
  public static let modeKL = Metric(
    "mode-kl", better: .low, needs: [.pictures, .stackedClasses], inTraining: [.pictures], score: divergence
  ).expecting { reference, samples in reference.histogram?.expectedDivergence(samples: samples) }

  private static let divergence: @Sendable (Observations) throws -> Score? = { seen in
    guard let data = seen.basis.reference.histogram else { return nil }
    return try seen.histogram?.score(against: data, seed: seen.basis.seed)
  }
}

/// How many samples a classifier puts into each class, and how far that is from the data's shares: what mode collapse
/// looks like in numbers.
public struct ClassHistogram: Sendable, Equatable {
  /// Samples of each class.
  public private(set) var counts: [Int]

  /// A histogram with these counts.
  public init(counts: [Int]) {
    precondition(!counts.isEmpty && counts.allSatisfy { $0 >= 0 }, "class counts must not be negative: \(counts)")
    self.counts = counts
  }

  /// A histogram of `classes` classes without samples.
  public init(classes: Int) { self.init(counts: [Int](repeating: 0, count: classes)) }

  /// All samples.
  public var total: Int { counts.reduce(0, +) }

  /// The classes that have samples.
  public var hit: Int { counts.count { $0 > 0 } }

  /// Counts each sample in the class of its largest logit.
  ///
  /// - Parameter logits: raw class scores, `[N, classes]`.
  /// - Throws: ``MetricError`` when there are other classes or a logit is not finite; nothing is counted then.
  public mutating func add(_ logits: Tensor) throws {
    try logits.requireFeatures(width: counts.count, first: total)
    try add(classes: withTorchErrors { argmax(.tensor(logits), .int(1)).array(of: Int64.self).map(Int.init) })
  }

  /// Counts samples whose classes are known.
  ///
  /// - Throws: ``MetricError`` when there is no such class; nothing is counted then.
  public mutating func add(classes: [Int]) throws {
    if let wrong = classes.first(where: { !counts.indices.contains($0) }) {
      throw MetricError("a sample has class \(wrong), but the classes are 0...\(counts.count - 1)")
    }
    for index in classes { counts[index] += 1 }
  }

  /// KL(these ‖ data) = Σ q log(q / p) in nats, of the shares q here and p in the data: the order that VEEGAN
  /// (Srivastava et al. 2017, arXiv:1705.07761) and PacGAN (Lin et al. 2018, arXiv:1712.04086) take, so that a class
  /// that no sample falls into adds nothing itself.
  ///
  /// A class that the data lack counts as half a sample there: otherwise one sample in it would make the value infinite.
  ///
  /// - Throws: ``MetricError`` when the classes are not the same or there is no sample on either side.
  public func divergence(from data: ClassHistogram) throws -> Double {
    guard data.counts.count == counts.count, data.total > 0, total > 0 else {
      throw MetricError(
        "histograms of \(total) samples in \(counts.count) classes and \(data.total) in \(data.counts.count): both must "
          + "have samples, in the same classes")
    }
    return Self.divergence(counts, from: data.shares)
  }

  /// The divergence from the data, with its deviation by the bootstrap over the samples.
  ///
  /// Samples like the data have an expected divergence above zero, ``expectedDivergence(samples:)`` of the data. Close to
  /// that floor the bootstrap, which draws from the samples' own shares, gives up to √3 times the deviation.
  ///
  /// - Throws: as ``divergence(from:)`` does.
  public func score(against data: ClassHistogram, seed: UInt64) throws -> Score {
    let value = try divergence(from: data)
    let shares = data.shares
    let deviation = bootstrapDeviation(of: counts, seed: seed) { Self.divergence($0, from: shares) }
    return Score(value, deviation: deviation, realCount: data.total, fakeCount: total)
  }

  /// What the divergence of `samples` independent draws from these shares is by chance: about (classes − 1) / (2 samples)
  /// when they are many, computed exactly from the binomial distribution of each count.
  public func expectedDivergence(samples: Int) -> Double {
    guard samples > 0 else { return 0 }
    let n = Double(samples)
    // Classes of equal counts have equal expectations.
    let kinds = Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
    return kinds.reduce(0) { sum, kind in
      let p = Double(kind.key) / Double(total)
      guard p > 0, p < 1 else { return sum }
      // Outside twelve deviations there is nothing that a double could hold beside the rest.
      let reach = 12 * (n * p * (1 - p)).squareRoot() + 12
      let range = Int(max(1, n * p - reach))...Int(min(n, n * p + reach))
      let expected = range.reduce(0.0) { sum, hits in
        let x = Double(hits)
        let choices = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
        return sum + exp(choices + x * log(p) + (n - x) * log1p(-p)) * x / n * log(x / (n * p))
      }
      return sum + Double(kind.value) * expected
    }
  }

  /// How many classes `samples` independent draws from these shares hit in expectation.
  public func expectedHit(samples: Int) -> Double {
    counts.reduce(0) { $0 - expm1(Double(samples) * log1p(-Double($1) / Double(total))) }
  }

  /// Shares to be compared with: none is zero.
  private var shares: [Double] {
    let total = Double(total)
    return counts.map { max(Double($0), 0.5) / total }
  }

  private static func divergence(_ counts: [Int], from shares: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    return zip(counts, shares).reduce(0) { sum, class_ in
      let share = Double(class_.0) / total
      return share > 0 ? sum + share * log(share / class_.1) : sum
    }
  }
}
