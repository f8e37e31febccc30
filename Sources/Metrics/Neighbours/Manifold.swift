import Torch

private let smallest = Operation("aten::topk")

/// Where data lie, as far as a sample shows: the union of balls around its rows, each of which reaches to the row's k-th
/// nearest neighbour (Kynkäänniemi et al. 2019, "Improved precision and recall metric for assessing generative models",
/// arXiv:1904.06991, section 2).
public struct Manifold {
  /// The k of precision and recall in their paper.
  public static let precisionNeighbours = 3
  /// The k of density and coverage in theirs.
  public static let densityNeighbours = 5

  /// The radius of each row's ball for each k, `[N]`, float64.
  public let radii: [Int: Tensor]
  /// Where the rows are seen from: their mean, `[D]`, float64.
  let centre: Tensor
  /// The rows, in the type that tells the distances between all of them apart.
  let rows: DistanceRows

  /// The manifold of features `[N, D]`.
  ///
  /// - Parameter neighbours: the values of k.
  /// - Throws: ``MetricError`` when there are not more rows than the largest k or a feature is not finite.
  public init(_ features: Tensor, neighbours: [Int] = [precisionNeighbours, densityNeighbours]) throws {
    try self.init(features, neighbours: neighbours, centre: nil)
  }

  /// The manifold of features whose radii are known from before.
  ///
  /// - Throws: ``MetricError`` when there is not a radius a row, or a feature is not finite.
  public init(_ features: Tensor, radii: [Int: Tensor]) throws {
    try features.requireFeatures()
    if let wrong = radii.first(where: { $0.value.shape != [features.size(0)] }) {
      throw MetricError("radii of shape \(wrong.value.shape) do not fit \(features.size(0)) rows")
    }
    let radii = radii.mapValues { $0.to(.float64).to(features.device) }
    self.radii = radii
    (centre, rows) = try withTorchErrors {
      withoutGradient {
        let centre = features.to(.float64).mean(axes: [0])
        let rows = DistanceRows(features, centre: centre, dtype: Self.dtype(for: features))
        return (centre, Self.areDistinct(radii, in: rows) ? rows : rows.widened)
      }
    }
  }

  /// The manifold of features as seen from `centre`, their own mean when nil.
  init(_ features: Tensor, neighbours: [Int], centre: Tensor?) throws {
    try features.requireFeatures(width: centre?.count)
    let most = neighbours.max() ?? 1
    precondition(
      neighbours.allSatisfy { $0 > 0 }, "k of the k-th nearest neighbour must be at least 1: \(neighbours)")
    guard features.size(0) > most else {
      throw MetricError(
        "a manifold with \(most) neighbours needs at least \(most + 1) samples; there are \(features.size(0))")
    }
    (self.centre, rows, radii) = try withTorchErrors {
      withoutGradient {
        let centre = centre ?? features.to(.float64).mean(axes: [0])
        let rows = DistanceRows(features, centre: centre, dtype: Self.dtype(for: features))
        func radii(_ rows: DistanceRows) -> [Int: Tensor] {
          let nearest = rows.nearest(most + 1).to(.float64).clamped(0, .infinity).squareRoot()
          return Dictionary(
            uniqueKeysWithValues: Set(neighbours).map { ($0, nearest.slice(1, from: $0, count: 1).reshaped(-1)) })
        }
        let found = radii(rows)
        guard rows.dtype == .float32, !Self.areDistinct(found, in: rows) else { return (centre, rows, found) }
        return (centre, rows.widened, radii(rows.widened))
      }
    }
  }

  /// The type in which distances are tried first: float64 is several times slower.
  private static func dtype(for features: Tensor) -> DType { features.dtype == .float64 ? .float64 : .float32 }

  /// Whether every ball is large beside what rounding leaves of the distances between rows that are equal.
  private static func areDistinct(_ radii: [Int: Tensor], in rows: DistanceRows) -> Bool {
    radii.values.allSatisfy { ($0.squared() - rows.rounding * 100).min().item > 0 }
  }
}

extension DistanceRows {
  /// The `count` smallest squared distances of each row from all rows, in order, `[N, count]`; the first is from itself.
  ///
  /// Every pair is computed once: a block off the diagonal serves its rows and its columns.
  fileprivate func nearest(_ count: Int) -> Tensor {
    let blocks = blocks(of: self.count, size: 1024)
    var found = [Tensor?](repeating: nil, count: blocks.count)
    func keep(_ distances: Tensor, for block: Int) {
      let candidates = Self.smallest(count, of: distances)
      found[block] =
        found[block].map { Self.smallest(count, of: .concatenated([$0, candidates], axis: 1)) } ?? candidates
    }
    for (i, rows) in blocks.enumerated() {
      let left = left(rows)
      for j in i..<blocks.count {
        let distances = squaredDistances(left, right(blocks[j]))
        keep(distances, for: i)
        if j > i { keep(distances.transposed().contiguous(), for: j) }
      }
    }
    return .concatenated(found.compactMap { $0 })
  }

  /// The `count` smallest elements of each row in ascending order, or all when there are fewer.
  private static func smallest(_ count: Int, of rows: Tensor) -> Tensor {
    Metrics.smallest.all(
      .tensor(rows), .int(min(count, rows.size(1))), .int(1), .bool(false), .bool(true), capacity: 2
    ).first ?? .undefined
  }
}
