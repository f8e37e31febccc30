import Torch

/// Rows laid out so that one matrix product gives the squared distances between them: |x|² + |y|² − 2 x·y is the product
/// of (−2x, |x|², 1) and (y, 1, |y|²).
///
/// That loses what the lengths and the product have in common: in float64 1e-15 of the squared lengths is left of a distance
/// that is zero, in float32 1e-6, which is more than many near neighbours have. So rows are centred, and ``rounding`` tells
/// which distances can be told apart. They are laid out a block at a time: all at once would take more memory than
/// everything else.
struct DistanceRows {
  /// The type of the distances.
  let dtype: DType
  /// The number of rows.
  let count: Int
  /// What rounding may leave of the squared distance between equal rows, many times over, `[N]`, float64: in proportion to
  /// their squared lengths.
  let rounding: Tensor

  private let features: Tensor
  /// Where rows are seen from, `[D]`, in float64 and as it is taken off them.
  private let centre: Tensor
  private let origin: Tensor
  /// |x|² of each row, `[N, 1]`.
  private let lengths: Tensor

  /// Rows `[N, D]` of any floating-point type, seen from `centre` `[D]`, their distances in float32 or float64.
  init(_ features: Tensor, centre: Tensor, dtype: DType = .float64) {
    let count = features.size(0)
    let origin = centre.to(dtype)
    let lengths = Tensor.concatenated(
      blocks(of: count, size: 1024).map {
        (features[$0].to(dtype) - origin).to(.float64).squared().sum(axes: [1], keepingAxes: true)
      })
    (self.features, self.centre, self.origin) = (features, centre, origin)
    (self.dtype, self.count, self.lengths) = (dtype, count, lengths.to(dtype))
    rounding = Self.precision(dtype) * lengths.reshaped(-1)
  }

  /// How large an error is beside the squared lengths that it comes from, many times over.
  private static func precision(_ dtype: DType) -> Double { dtype == .float64 ? 1e-12 : 1e-5 }

  /// The squared distances below which a row certainly lies inside a ball of these radii around each row, `[N]`, float64:
  /// a distance that equals the radius but for rounding is outside.
  func limits(_ radii: Tensor) -> Tensor { radii.squared() * (1 - Self.precision(dtype)) - rounding }

  /// The same rows, their distances in float64.
  var widened: DistanceRows { dtype == .float64 ? self : DistanceRows(features, centre: centre) }

  /// (−2x, |x|², 1) of some rows.
  func left(_ range: Range<Int>) -> Tensor {
    let lengths = lengths[range]
    return .concatenated([(features[range].to(dtype) - origin) * -2, lengths, lengths.onesLike()], axis: 1)
  }

  /// (y, 1, |y|²) of some rows.
  func right(_ range: Range<Int>) -> Tensor {
    let lengths = lengths[range]
    return .concatenated([features[range].to(dtype) - origin, lengths.onesLike(), lengths], axis: 1)
  }
}

/// The squared distances between rows that ``DistanceRows`` with one centre laid out, `[rows, others]`; rounding can make them
/// slightly negative.
func squaredDistances(_ left: Tensor, _ right: Tensor) -> Tensor { rowProducts(left, right) }

/// The ranges that cut 0..<`count` into pieces of `size`, the last one shorter.
func blocks(of count: Int, size: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
