import Torch

private let sortOperation = Operation("aten::sort")
private let columnsAt = Operation("aten::index_select")
private let elementsWhere = Operation("aten::masked_select")
private let remainder = Operation("aten::remainder", "Scalar")
private let notEqual = Operation("aten::ne", "Scalar")

extension Metric {
  /// Sliced Wasserstein distance between the features.
  public static let slicedWasserstein = Metric("swd", better: .low, inTraining: [.points], leads: [.points]) { seen in
    try SlicedWasserstein(seed: seen.basis.seed)(real: seen.basis.reference.features, fake: seen.features)
  }
}

/// The sliced Wasserstein distance: the root of the mean, over random directions, of the squared 2-Wasserstein distance
/// between the projections of data and samples (Rabin et al. 2012; Bonneel et al. 2015, "Sliced and Radon Wasserstein
/// barycenters of measures"). Of as many samples as data it pairs the sorted projections; otherwise it
/// integrates over the quantiles.
public struct SlicedWasserstein: Sendable {
  /// How many directions are drawn.
  public let projections: Int
  /// What the directions depend on.
  public let seed: UInt64

  /// A distance along `projections` directions, uniform on the sphere.
  public init(projections: Int = 256, seed: UInt64) {
    precondition(projections > 0, "\(projections) projections; at least 1 is needed")
    self.projections = projections
    self.seed = seed
  }

  /// The distance between features `[N, D]` of data and `[M, D]` of samples.
  ///
  /// - Throws: ``MetricError`` when there are no rows, D differs or a feature is not finite.
  public func callAsFunction(real: Tensor, fake: Tensor) throws -> Score {
    try real.requireFeatures()
    let normal = Tensor.normalRows(count: projections, size: real.size(1), seed: seed).to(.float64)
    return try self(real: real, fake: fake, directions: normal / normal.norm(axes: [1], keepingAxes: true))
  }

  /// The distance along given directions.
  ///
  /// The deviation is that of the delete-a-part jackknife over ten parts of the samples (not a number of fewer than
  /// 20): how much other samples would change the value, with the directions as they are.
  ///
  /// - Parameter directions: rows of length 1, `[projections, D]`.
  /// - Throws: ``MetricError`` when there are no rows, D differs or a feature is not finite.
  public func callAsFunction(real: Tensor, fake: Tensor, directions: Tensor) throws -> Score {
    try real.requireFeatures(width: directions.size(1))
    try fake.requireFeatures(width: directions.size(1))
    let (realCount, fakeCount) = (real.size(0), fake.size(0))
    guard realCount > 0, fakeCount > 0 else {
      throw MetricError(
        "a Wasserstein distance between \(realCount) real and \(fakeCount) generated samples: both are needed")
    }
    let parts = 10
    return try withTorchErrors {
      withoutGradient {
        let directions = directions.to(.float64)
        func sorted(_ rows: Tensor) -> (values: Tensor, order: Tensor) {
          let both = sortOperation.all(
            .tensor(directions.matrixMultiplied(by: rows.to(.cpu).to(.float64).transposed())), capacity: 2)
          return (both.first ?? .undefined, both.last ?? .undefined)
        }
        let (realValues, fakes) = (sorted(real).values, sorted(fake))
        let value = distance(realValues, fakes.values)
        guard fakeCount >= 2 * parts else {
          return Score(value, deviation: .nan, realCount: realCount, fakeCount: fakeCount)
        }
        let partOfEach = remainder(.tensor(fakes.order), .int(parts))
        let others = (0..<parts).map { part in
          let kept = elementsWhere(.tensor(fakes.values), .tensor(notEqual(.tensor(partOfEach), .int(part))))
          return distance(realValues, kept.reshaped(directions.size(0), -1))
        }
        return Score(value, deviation: jackknifeDeviation(others), realCount: realCount, fakeCount: fakeCount)
      }
    }
  }
}

/// The distance from sorted projections `[projections, N]` and `[projections, M]`.
private func distance(_ a: Tensor, _ b: Tensor) -> Double {
  let plan = monotonePlan(a.size(1), b.size(1))
  let differences =
    columnsAt(.tensor(a), .int(1), .tensor(Tensor(plan.first)))
    - columnsAt(.tensor(b), .int(1), .tensor(Tensor(plan.second)))
  let costs = differences.squared().matrixMultiplied(by: Tensor(plan.weights))
  return costs.mean().item.squareRoot()
}

/// Which of `n` equal masses goes to which of `m`, both in order, and how much: the optimal transport on a line.
private func monotonePlan(_ n: Int, _ m: Int) -> (first: [Int64], second: [Int64], weights: [Double]) {
  var plan: (first: [Int64], second: [Int64], weights: [Double]) = ([], [], [])
  // Mass i ends at (i + 1) m and mass j at (j + 1) n, in units of 1 / nm.
  var (i, j, moved) = (0, 0, 0)
  while i < n {
    let end = min((i + 1) * m, (j + 1) * n)
    plan.first.append(Int64(i))
    plan.second.append(Int64(j))
    plan.weights.append(Double(end - moved) / Double(n * m))
    moved = end
    if end == (i + 1) * m { i += 1 }
    if end == (j + 1) * n { j += 1 }
  }
  return plan
}
