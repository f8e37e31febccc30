import Samples
import Torch

/// How a metric of pairs comes about: a row of numbers for each pair, and the value that the mean of rows stands for.
///
/// Most have one number, which is the value. A confusion matrix has many, and only the sum of all is worth a mean over classes.
public struct PairMeasure {
  let rows: (DerivedSamples) throws -> Tensor
  let value: ([Double]) -> Double

  /// A measure of one number for each pair, `[N]`, whose mean is the value.
  public init(_ value: @escaping (DerivedSamples) throws -> Tensor) {
    rows = { try value($0).reshaped(-1, 1) }
    self.value = { $0[0] }
  }

  /// A measure of several numbers for each pair.
  ///
  /// - Parameters:
  ///   - rows: the numbers of each pair, `[N, k]`.
  ///   - value: the value of the mean of rows. It does not change where all its numbers are multiplied.
  public init(
    rows: @escaping (DerivedSamples) throws -> Tensor, value: @escaping (_ mean: [Double]) -> Double
  ) {
    (self.rows, self.value) = (rows, value)
  }
}

/// What a ``PairMeasure`` found, pair by pair.
final class PairTally {
  private let measure: PairMeasure
  private var numbers: [Double] = []
  private var width = 1
  /// The value of each pair by itself.
  private(set) var values: [Double] = []

  init(_ measure: PairMeasure) { self.measure = measure }

  /// Takes note of a batch of pairs; returns the value of each.
  @discardableResult
  func add(_ pairs: DerivedSamples) throws -> [Double] {
    let rows = try withTorchErrors { try withoutGradient { try measure.rows(pairs) } }
    width = rows.size(1)
    let added = rows.array(of: Double.self)
    numbers += added
    let found = (0..<rows.size(0)).map { measure.value(Array(added[($0 * width)..<(($0 + 1) * width)])) }
    values += found
    return found
  }

  /// The value of all pairs, and its deviation by the jackknife that leaves out a pair at a time: of a mean that is its
  /// standard error.
  var score: Score {
    let count = values.count
    var sums = [Double](repeating: 0, count: width)
    for (place, number) in numbers.enumerated() { sums[place % width] += number }
    let without = (0..<count).map { pair in
      measure.value((0..<width).map { (sums[$0] - numbers[pair * width + $0]) / Double(count - 1) })
    }
    return Score(
      measure.value(sums.map { $0 / Double(count) }), deviation: jackknifeDeviation(without), realCount: count,
      fakeCount: count)
  }
}
