import Datasets
import Torch

/// Clusters of rows by Lloyd's iterations (Lloyd 1982, "Least squares quantization in PCM") from first centres as k-means++ draws
/// them (Arthur and Vassilvitskii 2007, section 2.2), the best of several tries.
public struct KMeans {
  /// The mean of each cluster, `[K, D]`.
  public let centres: Tensor
  /// The cluster of each row, the one with the nearest centre: int64 `[N]`.
  public let clusters: Tensor
  /// The sum of squared distances of rows from their centres.
  public let inertia: Double

  /// Clusters of `rows`, `[N, D]`, float32.
  ///
  /// - Parameters:
  ///   - count: how many, from 1 to N. A cluster that has lost all its rows begins anew at the row that is farthest from its
  ///     centre, of several such clusters one at each iteration.
  ///   - seed: what the first centres depend on.
  ///   - tries: how often it begins anew.
  /// - Throws: ``MetricError`` for fewer rows than clusters, or a number that is not finite.
  public init(_ rows: Tensor, count: Int, seed: UInt64, iterations: Int = 30, tries: Int = 3) throws {
    try rows.requireFeatures()
    guard count >= 1, count <= rows.size(0) else {
      throw MetricError("\(rows.size(0)) samples cannot be divided into \(count) clusters")
    }
    let found = try withTorchErrors {
      withoutGradient {
        (0..<max(tries, 1)).map { number -> Clustering in
          var random = CounterRandom(seed: seed, stream: 0x6b6d65616e73, index: number)
          var clustering = Clustering(rows, Self.firstCentres(rows, count, &random))
          for _ in 0..<iterations {
            let next = Clustering(rows, clustering.moved(rows))
            let isSettled = next.inertia >= clustering.inertia
            clustering = next
            if isSettled { break }
          }
          return clustering
        }
      }
    }
    guard let best = found.min(by: { $0.inertia < $1.inertia }) else { throw MetricError("no clusters were found") }
    (centres, clusters, inertia) = (best.centres, best.clusters, best.inertia)
  }

  /// The cluster of each of further rows `[M, D]`: int64 `[M]`.
  public func nearest(to rows: Tensor) -> Tensor { withoutGradient { Clustering(rows, centres).clusters } }

  /// Rows, each drawn with a chance in proportion to its squared distance from the nearest one before.
  private static func firstCentres(_ rows: Tensor, _ count: Int, _ random: inout CounterRandom) -> Tensor {
    var places = [random.below(rows.size(0))]
    var distances = squares(rows, places[0])
    while places.count < count {
      let weights = distances.array(of: Float.self)
      var left = Double(random.uniform()) * weights.reduce(0) { $0 + Double($1) }
      let place = weights.firstIndex { weight in
        left -= Double(weight)
        return left < 0
      }
      places.append(place ?? random.below(rows.size(0)))
      distances = smaller(.tensor(distances), .tensor(squares(rows, places[places.count - 1])))
    }
    return rows.rows(Tensor(places))
  }

  private static func squares(_ rows: Tensor, _ place: Int) -> Tensor {
    (rows - rows[place..<(place + 1)]).squared().sum(axes: [1])
  }
}

/// Rows as they belong to centres.
private struct Clustering {
  let centres: Tensor
  let clusters: Tensor
  /// The squared distance of each row from its centre, `[N]`.
  let distances: Tensor
  let inertia: Double

  init(_ rows: Tensor, _ centres: Tensor) {
    let nearest = greatest.all(
      .tensor(rowProducts(rows, centres) * 2 - centres.squared().sum(axes: [1])), .int(1), capacity: 2)
    self.centres = centres
    clusters = nearest[1]
    distances = (rows.squared().sum(axes: [1]) - nearest[0]).clamped(0, .infinity)
    inertia = distances.to(.float64).sum().item
  }

  /// The means of the clusters.
  func moved(_ rows: Tensor) -> Tensor {
    let sums = added(.tensor(centres.zerosLike()), .int(0), .tensor(clusters), .tensor(rows))
    let ones = Tensor.ones([rows.size(0)])
    let sizes = added(.tensor(.zeros([centres.size(0)])), .int(0), .tensor(clusters), .tensor(ones)).reshaped(-1, 1)
    let farthest = rows.rows(highest(.tensor(distances)).reshaped(1))
    return .chosen(where: sizes.isLess(than: 0.5), farthest, else: sums / sizes.clamped(1, .infinity))
  }
}

private let greatest = Operation("aten::max", "dim")
private let highest = Operation("aten::argmax")
private let smaller = Operation("aten::minimum")
private let added = Operation("aten::index_add")
