import Torch

/// Rows laid out so that one matrix product gives the squared distances between them: |x|² + |y|² − 2 x·y is the product
/// of (−2x, |x|², 1) and (y, 1, |y|²).
///
/// Rows are centred and in float64, in which the differences of large numbers leave 1e-15 of the squared lengths; in float32
/// it would be 1e-7, more than many squared distances between near neighbours.
struct DistanceRows {
  /// (y, 1, |y|²) of each row, `[N, D + 2]`.
  private let columns: Tensor
  /// The number of rows.
  let count: Int
  /// What rounding leaves of a distance that is zero, many times over: squared distances that differ by less are equal.
  let rounding: Double

  /// Rows `[N, D]` of any floating-point type, seen from `centre` `[D]`, float64.
  init(_ features: Tensor, centre: Tensor) {
    let rows = features.to(.float64) - centre
    let lengths = rows.squared().sum(axes: [1], keepingAxes: true)
    columns = .concatenated([rows, lengths.onesLike(), lengths], axis: 1)
    count = columns.size(0)
    rounding = 1e-12 * lengths.mean().item
  }

  /// The squared distances of some rows from some rows of `others`, seen from the same centre: `[rows, others]`, float64.
  /// Rounding can make them slightly negative.
  func squaredDistances(_ rows: Range<Int>, to others: DistanceRows, _ range: Range<Int>? = nil) -> Tensor {
    let mine = columns[rows]
    let width = mine.size(1) - 2
    let left = Tensor.concatenated(
      [
        mine.slice(1, from: 0, count: width) * -2, mine.slice(1, from: width + 1, count: 1),
        mine.slice(1, from: width, count: 1),
      ],
      axis: 1)
    return left.matrixMultiplied(by: (range.map { others.columns[$0] } ?? others.columns).transposed())
  }
}

/// The ranges that cut 0..<`count` into pieces of `size`, the last one shorter.
func blocks(of count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
