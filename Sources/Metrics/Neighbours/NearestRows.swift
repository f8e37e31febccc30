import Torch

private let minimum = Operation("aten::amin")
private let minimumWithIndex = Operation("aten::min", "dim")
private let less = Operation("aten::lt", "Tensor")
private let greater = Operation("aten::gt", "Tensor")
private let not = Operation("aten::logical_not")
private let placesOfTrue = Operation("aten::nonzero")
private let replaced = Operation("aten::index_copy")

/// The nearest row to each of some queries among rows that come in batches.
///
/// Distances are taken in float32 first, several times faster than in float64. Where rounding leaves a chance that a batch
/// holds a nearer row than those before it, they are taken again in float64, which decides: a query meets few such batches.
public struct NearestRows {
  /// The rows added.
  public private(set) var count = 0
  /// The distance of each query from its nearest row, `[M]`, float64; infinite before any row.
  public var distances: Tensor { squared.clamped(0, .infinity).squareRoot() }
  /// The index of that row among all that were added, `[M]`, int64; −1 before any row.
  public private(set) var indices: Tensor

  private var squared: Tensor
  private let centre: Tensor
  private let queries: DistanceRows
  /// The queries as ``DistanceRows/right(_:)`` lays them out, in float32 and float64.
  private let rough, exact: Tensor
  /// Squared distances from each query that differ by less are equal but for rounding, `[M]`, float64.
  let rounding: Tensor

  /// Queries `[M, D]`, or pictures whose pixels are their D numbers.
  ///
  /// - Throws: ``MetricError`` when there is none or a number is not finite.
  public init(queries: Tensor) throws {
    guard queries.count > 0 else { throw MetricError("there are no samples to find the nearest rows to") }
    let flat = queries.flattened()
    try flat.requireFeatures()
    (centre, self.queries, rough, exact, rounding) = try withTorchErrors {
      withoutGradient {
        let centre = flat.to(.float64).mean(axes: [0])
        let (narrow, wide) = (DistanceRows(flat, centre: centre, dtype: .float32), DistanceRows(flat, centre: centre))
        let all = 0..<wide.count
        return (centre, narrow, narrow.right(all), wide.right(all), wide.rounding)
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
        let narrow = DistanceRows(flat, centre: centre, dtype: .float32)
        for block in blocks(of: narrow.count, size: 1024) {
          let nearest = minimum(.tensor(squaredDistances(narrow.left(block), rough)), .ints([0]))
          // As far as a distance in float32 may be from the true one.
          let doubt = queries.rounding + narrow.rounding[block].max()
          let isFarther = greater(.tensor(nearest.to(.float64) - doubt), .tensor(squared))
          let open = placesOfTrue(.tensor(not(.tensor(isFarther)))).reshaped(-1)
          if open.count > 0 { decide(open, DistanceRows(flat[block], centre: centre)) }
          count += block.count
        }
      }
    }
  }

  /// Takes distances from all of `rows` for the queries at the places `open`, int64 `[K]`.
  private mutating func decide(_ open: Tensor, _ rows: DistanceRows) {
    let distances = squaredDistances(rows.left(0..<rows.count), exact.rows(open))
    let nearest = minimumWithIndex.all(.tensor(distances), .int(0), capacity: 2)
    guard let values = nearest.first, let places = nearest.last else { return }
    let isNearer = less(.tensor(values), .tensor(squared.rows(open)))
    func update(_ all: Tensor, _ new: Tensor) -> Tensor {
      let chosen = Tensor.chosen(where: isNearer, new, else: all.rows(open))
      return replaced(.tensor(all), .int(0), .tensor(open), .tensor(chosen))
    }
    squared = update(squared, values)
    indices = update(indices, places + Tensor([Int64(count)]).to(places.device))
  }
}
