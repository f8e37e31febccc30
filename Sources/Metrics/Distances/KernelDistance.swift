import Datasets
import Torch

private let selectRows = Operation("aten::index_select")
private let sumAll = Operation("aten::sum")
private let diagonal = Operation("aten::diagonal")

extension Metric {
  /// Kernel distance between the features (squared maximum mean discrepancy, unbiased). It decides about translations into a
  /// collection: there are as many as held-out pictures, a hundred or so, and fid is biased where samples are few.
  public static let kid = Metric("kid", better: .low, leads: [.translations]) { seen in
    try KernelDistance(seed: seen.basis.seed)(real: seen.basis.reference.features, fake: seen.features)
  }
}

/// The squared maximum mean discrepancy with the kernel (x·y/D + 1)³, in its unbiased form: KID, where the features are
/// Inception's (Bińkowski et al. 2018, "Demystifying MMD GANs", arXiv:1801.01401, section 4).
///
/// Its expectation does not depend on the number of samples, and small values of either sign mean that nothing tells the
/// samples from the data. As in the original it is the mean over random subsets, whose standard deviation is reported.
public struct KernelDistance: Sendable {
  /// How many pairs of subsets are drawn.
  public let subsets: Int
  /// The rows of a subset; all rows where there are fewer.
  public let subsetSize: Int
  /// What the subsets depend on.
  public let seed: UInt64

  /// A distance by `subsets` random subsets of `subsetSize` rows.
  public init(subsets: Int = 100, subsetSize: Int = 1000, seed: UInt64) {
    precondition(
      subsets > 0 && subsetSize > 1, "\(subsets) subsets of \(subsetSize) rows: at least 1 subset of 2 rows is needed")
    self.subsets = subsets
    self.subsetSize = subsetSize
    self.seed = seed
  }

  /// The distance between features `[N, D]` of data and `[M, D]` of samples.
  ///
  /// - Throws: ``MetricError`` when there are fewer than 2 rows, D differs or a feature is not finite.
  public func callAsFunction(real: Tensor, fake: Tensor) throws -> Score {
    let size = min(subsetSize, real.size(0), fake.size(0))
    guard size > 1 else {
      throw MetricError(
        "the kernel distance needs at least 2 samples of each: there are \(real.size(0)) real and \(fake.size(0)) generated"
      )
    }
    // All rows in every subset would repeat one value.
    let count = size == real.size(0) && size == fake.size(0) ? 1 : subsets
    return try self(
      real: real, fake: fake, realSubsets: draw(count, of: size, from: real.size(0), stream: 0),
      fakeSubsets: draw(count, of: size, from: fake.size(0), stream: 1))
  }

  /// The distance by given subsets.
  ///
  /// - Parameters:
  ///   - realSubsets: the rows of each subset of the data, `[subsets, size]`, int64.
  ///   - fakeSubsets: the rows of each subset of the samples, of the same shape.
  /// - Throws: ``MetricError`` when D differs or a feature is not finite.
  public func callAsFunction(real: Tensor, fake: Tensor, realSubsets: Tensor, fakeSubsets: Tensor) throws -> Score {
    precondition(realSubsets.shape == fakeSubsets.shape && realSubsets.rank == 2, "subsets of real and fake are paired")
    let values = try withTorchErrors {
      try withoutGradient {
        try real.requireFeatures()
        try fake.requireFeatures(width: real.size(1))
        return (0..<realSubsets.size(0)).map { subset in
          let x = selectRows(.tensor(real), .int(0), .tensor(realSubsets[subset].to(real.device)))
          let y = selectRows(.tensor(fake), .int(0), .tensor(fakeSubsets[subset].to(fake.device)))
          return squaredDiscrepancy(x, y.to(x.device).to(x.dtype))
        }
      }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return Score(
      mean, deviation: values.count > 1 ? variance.squareRoot() : .nan, realCount: real.size(0), fakeCount: fake.size(0)
    )
  }

  /// `count` sets of `size` different numbers below `bound`, by the first steps of a Fisher–Yates shuffle.
  private func draw(_ count: Int, of size: Int, from bound: Int, stream: UInt64) -> Tensor {
    var rows = Array(0..<Int64(bound))
    var drawn = [Int64]()
    drawn.reserveCapacity(count * size)
    for subset in 0..<count {
      var random = CounterRandom(seed: seed, stream: stream, index: subset)
      for position in 0..<size {
        rows.swapAt(position, position + random.below(bound - position))
        drawn.append(rows[position])
      }
    }
    return Tensor(drawn, shape: [count, size])
  }
}

/// The unbiased estimate from `x` and `y`, both `[n, D]`: a row is never compared with itself.
///
/// Products are in the features' own precision: the rounding of float32 is as often up as down, and a million values are
/// averaged. Sums are in float64.
private func squaredDiscrepancy(_ x: Tensor, _ y: Tensor) -> Double {
  let n = Double(x.size(0))
  func withinSum(_ rows: Tensor) -> Tensor {
    let values = kernel(rows, rows)
    return sum(values) - sum(diagonal(.tensor(values)))
  }
  return ((withinSum(x) + withinSum(y)) / (n * (n - 1)) - 2 / (n * n) * sum(kernel(x, y))).item
}

private func sum(_ values: Tensor) -> Tensor { sumAll(.tensor(values), .dtype(.float64)) }

/// (x·y/D + 1)³ of all pairs of rows.
private func kernel(_ x: Tensor, _ y: Tensor) -> Tensor { (rowProducts(x, y) / Double(x.size(1)) + 1).pow(3) }
