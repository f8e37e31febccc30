import Torch

private let minimumWithIndex = Operation("aten::min", "dim")
private let less = Operation("aten::lt", "Tensor")
private let choose = Operation("aten::where", "self")

/// The nearest row to each of some queries among rows that come in batches.
public struct NearestRows {
  /// The rows added.
  public private(set) var count = 0
  /// The distance of each query from its nearest row, `[M]`, float64; infinite before any row.
  public var distances: Tensor { squared.clamped(0, .infinity).squareRoot() }
  /// The index of that row among all that were added, `[M]`, int64; −1 before any row.
  public private(set) var indices: Tensor

  private var squared: Tensor
  private let centre: Tensor
  private let queries: Tensor
  /// Squared distances from each query that differ by less are equal but for rounding, `[M]`, float64.
  let rounding: Tensor

  /// Queries `[M, D]`, or pictures whose pixels are their D numbers.
  ///
  /// - Throws: ``MetricError`` when there is none or a number is not finite.
  public init(queries: Tensor) throws {
    guard queries.count > 0 else { throw MetricError("the nearest rows to 0 samples are asked for") }
    let flat = queries.flattened()
    try flat.requireFeatures()
    (centre, self.queries, rounding) = try withTorchErrors {
      withoutGradient {
        let centre = flat.to(.float64).mean(axes: [0])
        let rows = DistanceRows(flat, centre: centre)
        return (centre, rows.right(0..<rows.count), rows.rounding)
      }
    }
    squared = .full([flat.size(0)], .infinity, dtype: .float64, device: flat.device)
    indices = .full([flat.size(0)], -1, dtype: .int64, device: flat.device)
  }

  /// Adds rows `[N, D]`, or pictures; of rows at the same distance the first one stays the nearest.
  ///
  /// - Throws: ``MetricError`` when D is not the queries' or a number is not finite; nothing is added then.
  public mutating func add(_ rows: Tensor) throws {
    guard rows.count > 0 else { return }
    let flat = rows.flattened()
    try flat.requireFeatures(width: centre.count, first: count)
    try withTorchErrors {
      withoutGradient {
        let rows = DistanceRows(flat, centre: centre)
        for block in blocks(of: rows.count, size: 1024) {
          let nearest = minimumWithIndex.all(
            .tensor(squaredDistances(rows.left(block), queries)), .int(0), capacity: 2)
          guard let values = nearest.first, let places = nearest.last else { return }
          let isNearer = less(.tensor(values), .tensor(squared))
          let numbers = places + Tensor([Int64(count)]).to(places.device)
          indices = choose(.tensor(isNearer), .tensor(numbers), .tensor(indices))
          squared = choose(.tensor(isNearer), .tensor(values), .tensor(squared))
          count += block.count
        }
      }
    }
  }
}
