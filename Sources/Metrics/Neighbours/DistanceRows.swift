import Torch

/// Rows laid out so that one matrix product gives the squared distances between them: |x|² + |y|² − 2 x·y is the product
/// of (−2x, |x|², 1) and (y, 1, |y|²).
///
/// Rows are centred and in float64, in which the differences of large numbers leave 1e-15 of the squared lengths; in
/// float32 it would be 1e-7, more than many squared distances between near neighbours. That widening is done for a
/// block of rows at a time: all of them at once would take more memory than everything else.
struct DistanceRows {
  private let features: Tensor
  private let centre: Tensor
  /// |x|² of each row, `[N, 1]`.
  private let lengths: Tensor
  /// The number of rows.
  let count: Int
  /// What rounding leaves of a distance that is zero, many times over: squared distances that differ by less are equal.
  let rounding: Double

  /// Rows `[N, D]` of any floating-point type, seen from `centre` `[D]`, float64.
  init(_ features: Tensor, centre: Tensor) {
    let count = features.size(0)
    let lengths = Tensor.concatenated(
      blocks(of: count, size: 1024).map {
        (features[$0].to(.float64) - centre).squared().sum(axes: [1], keepingAxes: true)
      })
    (self.features, self.centre, self.lengths, self.count) = (features, centre, lengths, count)
    rounding = 1e-12 * lengths.mean().item
  }

  /// (−2x, |x|², 1) of some rows.
  func left(_ range: Range<Int>) -> Tensor {
    let lengths = lengths[range]
    return .concatenated([(features[range].to(.float64) - centre) * -2, lengths, lengths.onesLike()], axis: 1)
  }

  /// (y, 1, |y|²) of some rows.
  func right(_ range: Range<Int>) -> Tensor {
    let lengths = lengths[range]
    return .concatenated([features[range].to(.float64) - centre, lengths.onesLike(), lengths], axis: 1)
  }
}

/// The squared distances between rows that ``DistanceRows`` with one centre laid out, `[rows, others]`, float64; rounding
/// can make them slightly negative.
func squaredDistances(_ left: Tensor, _ right: Tensor) -> Tensor { left.matrixMultiplied(by: right.transposed()) }

/// The ranges that cut 0..<`count` into pieces of `size`, the last one shorter.
func blocks(of count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
