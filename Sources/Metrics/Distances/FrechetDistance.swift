import Torch

private let eigenDecomposition = Operation("aten::linalg_eigh")
private let eigenvalues = Operation("aten::linalg_eigvalsh")

extension Metric {
  /// Fréchet distance between Gaussians fitted to the features of data and samples.
  public static let fid = Metric("fid", better: .low, inTraining: [.pictures]) { basis, _ in
    let distance = try FrechetDistance(real: basis.reference.statistics, root: basis.reference.root)
    let gaussian = GaussianAccumulator()
    return Measurement {
      try gaussian.add($0.features.values)
    } score: { _ in
      try distance.score(gaussian)
    }
  }
  .warning { reference, samples in
    let (width, count) = (reference.statistics.mean.count, min(samples, reference.count))
    guard count <= width else { return nil }
    return
      "fid: \(count) samples are too few for \(width) features: their covariance is singular and the value biased; use more "
      + "than \(width)"
  }
}

/// The Fréchet distance between Gaussians with the moments of two sets of features: FID, where the features are
/// Inception's (Heusel et al. 2017, "GANs trained by a two time-scale update rule", arXiv:1706.08500, equation 6):
/// |μ₁ − μ₂|² + Tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½).
///
/// This symmetric form of the last root has the trace of (Σ₁Σ₂)^½ (Dowson and Landau 1982), but real eigenvalues that a
/// symmetric solver finds; so nothing need be added to singular covariances. The square root of the data's covariance
/// is taken once.
public struct FrechetDistance {
  /// The data's statistics.
  public let real: GaussianStatistics
  /// The symmetric root of the data's covariance, `[D, D]`, float64.
  public let root: Tensor

  /// The distance from data.
  ///
  /// - Parameter root: what ``root`` of an earlier distance from the same data was; computed when nil.
  /// - Throws: `TorchError` when memory runs out or the eigenvalues do not converge.
  public init(real: GaussianStatistics, root: Tensor? = nil) throws {
    self.real = real
    self.root =
      try root
      ?? withTorchErrors {
        withoutGradient {
          let decomposition = eigenDecomposition.all(.tensor(real.covariance), capacity: 2)
          guard let values = decomposition.first, let vectors = decomposition.last else { return .undefined }
          // The covariance of N samples has at most N − 1 eigenvalues that are more than rounding.
          let rank = min(real.count - 1, values.count)
          let (tail, columns) = (values.count - rank, vectors.size(1))
          let kept = vectors.slice(1, from: columns - rank, count: rank)
          let roots = values[tail..<values.count].clamped(0, .infinity).squareRoot()
          return (kept * roots).matrixMultiplied(by: kept.transposed())
        }
      }
  }

  /// The distance of samples' statistics from the data's, 0 or more.
  ///
  /// - Throws: ``MetricError`` when they are of other features.
  public func callAsFunction(_ fake: GaussianStatistics) throws -> Double {
    guard fake.mean.shape == real.mean.shape else {
      throw MetricError(
        "the samples have \(fake.mean.count) features and the data \(real.mean.count): both must come from the same extractor"
      )
    }
    return try withTorchErrors {
      withoutGradient {
        let product = root.matrixMultiplied(by: fake.covariance).matrixMultiplied(by: root)
        let values = eigenvalues(.tensor(product))
        let rank = min(real.count - 1, fake.count - 1, values.count)
        let roots = values[(values.count - rank)..<values.count].clamped(0, .infinity).squareRoot()
        let means = (real.mean - fake.mean).squared().sum()
        let distance = means + trace(of: real.covariance) + trace(of: fake.covariance) - 2 * roots.sum()
        return max(0, distance.item)
      }
    }
  }

  /// The distance of samples, with the deviation that the delete-a-part jackknife over the accumulator's parts gives (not
  /// a number where there are not 2 samples a part).
  ///
  /// - Throws: ``MetricError`` when the samples are fewer than 2 or have other features.
  public func score(_ fake: GaussianAccumulator) throws -> Score {
    let value = try self(fake.statistics())
    let isEnough = fake.parts > 1 && fake.count >= 2 * fake.parts
    let others = isEnough ? try (0..<fake.parts).map { try self(fake.statistics(without: $0)) } : []
    return Score(value, deviation: jackknifeDeviation(others), realCount: real.count, fakeCount: fake.count)
  }
}

private let diagonal = Operation("aten::diagonal")

/// The sum of a matrix's diagonal.
func trace(of matrix: Tensor) -> Tensor { diagonal(.tensor(matrix)).sum() }
