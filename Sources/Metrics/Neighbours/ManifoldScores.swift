import Torch

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
  /// diversity metrics for generative models", arXiv:2002.09797, equation 6): about 1 for samples of the data, and
  /// more where they crowd. Its deviation is the standard error over the samples.
  public let density: Score
  /// The share of the data whose ball holds a sample (equation 7); its deviation is the standard error over the data.
  public let coverage: Score
}

private let less = Operation("aten::lt", "Tensor")
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
  public func scores(of fake: Tensor, precisionNeighbours: Int = 3, densityNeighbours: Int = 5) throws -> ManifoldScores
  {
    guard let reach = radii[precisionNeighbours], let densityReach = radii[densityNeighbours] else {
      throw MetricError(
        "the data's manifold has radii for k = \(radii.keys.sorted()), and k = \(precisionNeighbours) and "
          + "\(densityNeighbours) are asked for")
    }
    let fakes = try Manifold(fake, neighbours: [precisionNeighbours], centre: centre)
    guard let fakeReach = fakes.radii[precisionNeighbours] else { preconditionFailure("the radii asked for are there") }
    let (realCount, fakeCount) = (rows.count, fakes.rows.count)
    return try withTorchErrors {
      withoutGradient {
        // Both in the type that the one with the smaller balls needs.
        let isSingle = rows.dtype == .float32 && fakes.rows.dtype == .float32
        let (reals, fakes) = isSingle ? (rows, fakes.rows) : (rows.widened, fakes.rows.widened)
        let dtype = reals.dtype
        let rounding = max(reals.rounding, fakes.rounding)
        func limits(_ radii: Tensor, _ shape: Int...) -> Tensor {
          (radii.squared() - rounding).to(dtype).reshaped(shape)
        }
        let (limit, densityLimit) = (limits(reach, -1, 1), limits(densityReach, -1, 1))
        let fakeLimit = limits(fakeReach, 1, -1)

        // How far outside the nearest ball each sample and each real row is, in squared distance.
        var outsideOfReal: [Tensor] = []
        let outsideOfFake = Tensor.full([realCount], .infinity, dtype: dtype, device: limit.device)
        let nearest = outsideOfFake.clone()
        var balls: [Tensor] = []
        for fakeBlock in blocks(of: fakeCount, size: 1024) {
          let right = fakes.right(fakeBlock)
          let outside = Tensor.full([fakeBlock.count], .infinity, dtype: dtype, device: limit.device)
          let counts = Tensor.zeros([fakeBlock.count], dtype: .int64, device: limit.device)
          for block in blocks(of: realCount, size: 256) {
            let distances = squaredDistances(reals.left(block), right)
            outside.lower(to: (distances - limit[block]).minimum(along: 0))
            outsideOfFake[block].lower(
              to: (distances - fakeLimit.slice(1, from: fakeBlock.lowerBound, count: fakeBlock.count)).minimum(along: 1)
            )
            nearest[block].lower(to: distances.minimum(along: 1))
            counts.add(less(.tensor(distances), .tensor(densityLimit[block])).sum(axes: [0]))
          }
          outsideOfReal.append(outside)
          balls.append(counts)
        }
        func share(_ outside: Tensor) -> Score {
          let count = outside.count
          let share = less(.tensor(outside), .tensor(outside.zerosLike())).sum().item / Double(count)
          let error = (share * (1 - share) / Double(count)).squareRoot()
          return Score(share, deviation: error, realCount: realCount, fakeCount: fakeCount)
        }
        let densities = Tensor.concatenated(balls).to(.float64) / Double(densityNeighbours)
        let error = (densities.variance(axes: [0], correction: 1).item / Double(fakeCount)).squareRoot()
        return ManifoldScores(
          precision: share(.concatenated(outsideOfReal)), recall: share(outsideOfFake),
          density: Score(densities.mean().item, deviation: error, realCount: realCount, fakeCount: fakeCount),
          coverage: share(nearest - densityLimit.reshaped(-1)))
      }
    }
  }
}
