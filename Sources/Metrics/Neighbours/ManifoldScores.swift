import Datasets
import Torch

extension Metric {
  /// Share of samples within the data's manifold.
  public static let precision = ofManifold(
    "precision", neighbours: Manifold.precisionNeighbours, inTraining: [.pictures], \.precision)
  /// Share of the data within the samples' manifold.
  public static let recall = ofManifold(
    "recall", neighbours: Manifold.precisionNeighbours, inTraining: [.pictures], \.recall)
  /// In how many of the data's neighbourhoods a sample lies, over the number expected.
  public static let density = ofManifold(
    "density", neighbours: Manifold.densityNeighbours, inTraining: [.pictures], \.density)
  /// Share of the data's neighbourhoods that hold a sample.
  public static let coverage = ofManifold(
    "coverage", neighbours: Manifold.densityNeighbours, inTraining: [.pictures, .points], \.coverage)

  private static func ofManifold(
    _ name: String, neighbours: Int, inTraining: Set<ColumnFormat.Kind>,
    _ score: @escaping @Sendable (ManifoldScores) -> Score
  ) -> Metric {
    // One more sample than the neighbours that a ball reaches to; the samples' own balls are those of precision and recall.
    let fewest = (data: neighbours + 1, samples: Manifold.precisionNeighbours + 1)
    return Metric(name, better: .high, fewest: fewest, inTraining: inTraining) { seen in
      let scores = try seen.shared {
        let features = seen.basis.reference.features
        // A few samples of the data have precision and recall, and neither density nor coverage.
        let density = min(Manifold.densityNeighbours, features.size(0) - 1)
        let data = try seen.basis.shared {
          try Manifold(features, neighbours: [Manifold.precisionNeighbours, density])
        }
        return try data.scores(of: seen.features, densityNeighbours: density)
      }
      return score(scores)
    }
  }
}

/// What the balls around data and samples say of each other, all from one pass over the distances between them.
///
/// Lying in a ball means to be nearer than its radius, as in the originals' `prdc` package: a distance that equals the radius
/// but for rounding is outside.
public struct ManifoldScores {
  /// The share of samples in some ball of the data (Kynkäänniemi et al. 2019, arXiv:1904.06991, equation 2); its
  /// deviation is the standard error over the samples.
  public let precision: Score
  /// The share of the data in some ball of the samples; its deviation is the standard error over the data.
  public let recall: Score
  /// The number of the data's balls that a sample lies in, over k, on average (Naeem et al. 2020, "Reliable fidelity and
  /// diversity metrics for generative models", arXiv:2002.09797, section 3): about 1 for samples of the data, and
  /// more where they crowd. Its deviation is the standard error over the samples.
  public let density: Score
  /// The share of the data whose ball holds a sample (the same section); its deviation is the standard error over the data.
  public let coverage: Score
}

private let less = Operation("aten::lt", "Tensor")
private let lessScalar = Operation("aten::lt", "Scalar")
private let minimumAlong = Operation("aten::amin")
private let minimum = Operation("aten::minimum", "out")

extension Tensor {
  /// The smallest element along an axis.
  fileprivate func minimum(along axis: Int) -> Tensor { minimumAlong(.tensor(self), .ints([axis])) }

  /// Sets each element to the one of `other` where that is smaller.
  fileprivate func lower(to other: Tensor) {
    Metrics.minimum.all(.tensor(self), .tensor(other), .tensor(self), capacity: 1)
  }
}

extension Manifold {
  /// Holds samples against this manifold of the data.
  ///
  /// - Parameters:
  ///   - fake: the features of the samples, `[M, D]`.
  ///   - precisionNeighbours: the k of precision and recall, 3 in their paper.
  ///   - densityNeighbours: the k of density and coverage, 5 in theirs.
  /// - Throws: ``MetricError`` when ``radii`` lack one of these k, there are not more samples than `precisionNeighbours`, D
  ///   differs or a feature is not finite.
  public func scores(
    of fake: Tensor, precisionNeighbours: Int = Self.precisionNeighbours,
    densityNeighbours: Int = Self.densityNeighbours
  ) throws -> ManifoldScores {
    guard let reach = radii[precisionNeighbours], let densityReach = radii[densityNeighbours] else {
      throw MetricError(
        "the data's manifold has radii for k = \(radii.keys.sorted()), but k = \(precisionNeighbours) and "
          + "\(densityNeighbours) are needed")
    }
    let fakes = try Manifold(fake, neighbours: [precisionNeighbours], centre: centre)
    guard let fakeReach = fakes.radii[precisionNeighbours] else { preconditionFailure("the radii asked for are there") }
    let (realCount, fakeCount) = (rows.count, fakes.rows.count)
    func share(_ outside: Tensor) -> Score {
      let share = lessScalar(.tensor(outside), .double(0)).sum().item / Double(outside.count)
      let error = (share * (1 - share) / Double(outside.count)).squareRoot()
      return Score(share, deviation: error, realCount: realCount, fakeCount: fakeCount)
    }
    return try withTorchErrors {
      withoutGradient {
        let pass = Comparison(
          rows, fakes.rows, limit: rows.limits(reach), densityLimit: rows.limits(densityReach),
          fakeLimit: fakes.rows.limits(fakeReach))
        let densities = pass.balls.to(.float64) / Double(densityNeighbours)
        let error = (densities.variance(axes: [0], correction: 1).item / Double(fakeCount)).squareRoot()
        return ManifoldScores(
          precision: share(pass.outsideOfReal), recall: share(pass.outsideOfFake),
          density: Score(densities.mean().item, deviation: error, realCount: realCount, fakeCount: fakeCount),
          coverage: share(pass.empty))
      }
    }
  }
}

/// One pass over the squared distances between data and samples.
private struct Comparison {
  /// How far outside the data's nearest ball each sample is, `[M]`; negative inside, as in the others.
  let outsideOfReal: Tensor
  /// How far outside the samples' nearest ball each row of the data is, `[N]`.
  let outsideOfFake: Tensor
  /// How far outside the ball of each row of the data the nearest sample is, `[N]`.
  let empty: Tensor
  /// In how many of the data's balls each sample lies, `[M]`, int64.
  let balls: Tensor

  /// Compares rows with one centre, given the squared distances below which another lies in their balls.
  init(
    _ reals: DistanceRows, _ fakes: DistanceRows, limit: Tensor, densityLimit: Tensor, fakeLimit: Tensor
  ) {
    // In the type that the one with the smaller balls needs.
    let isSingle = reals.dtype == .float32 && fakes.dtype == .float32
    let (reals, fakes) = isSingle ? (reals, fakes) : (reals.widened, fakes.widened)
    let (dtype, device) = (reals.dtype, limit.device)
    let (limit, densityLimit, fakeLimit) = (limit.to(dtype), densityLimit.to(dtype), fakeLimit.to(dtype))
    func infinite(_ count: Int) -> Tensor { .full([count], .infinity, dtype: dtype, device: device) }
    let (outsideOfReal, outsideOfFake, nearest) = (infinite(fakes.count), infinite(reals.count), infinite(reals.count))
    let balls = Tensor.zeros([fakes.count], dtype: .int64, device: device)
    for fakeBlock in blocks(of: fakes.count, size: 1024) {
      let right = fakes.right(fakeBlock)
      for block in blocks(of: reals.count, size: 256) {
        let distances = squaredDistances(reals.left(block), right)
        let toReal = distances - limit[block].reshaped(-1, 1)
        outsideOfReal[fakeBlock].lower(to: toReal.minimum(along: 0))
        outsideOfFake[block].lower(to: (distances - fakeLimit[fakeBlock]).minimum(along: 1))
        nearest[block].lower(to: distances.minimum(along: 1))
        balls[fakeBlock].add(less(.tensor(distances), .tensor(densityLimit[block].reshaped(-1, 1))).sum(axes: [0]))
      }
    }
    (self.outsideOfReal, self.outsideOfFake, self.balls) = (outsideOfReal, outsideOfFake, balls)
    empty = nearest - densityLimit
  }
}
