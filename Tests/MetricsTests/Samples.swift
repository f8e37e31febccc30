import Metrics
import TestFixtures
import Torch

/// The fixture called `name` among this target's.
func fixture(_ name: String) throws -> Fixture { try Fixture(name, in: .module) }

/// Normal rows `[count, width]` in float64.
func normalRows(_ count: Int, _ width: Int, mean: Double = 0, deviation: Double = 1, seed: UInt64 = 1) -> Tensor {
  let rows = Tensor.empty([count, width], dtype: .float64)
  rows.fillNormal(mean: mean, deviation: deviation, using: RandomGenerator(seed: seed))
  return rows
}

/// The sentence of the ``MetricError`` that `body` throws; nil when it throws none.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
  } catch let error as MetricError {
    return error.description
  } catch {
    return "\(error)"
  }
  return nil
}

/// How far `a` is from `b`, relative to b.
func relativeError(_ a: Double, _ b: Double) -> Double { abs(a - b) / abs(b) }

/// The standard deviation of values, with the divisor n − 1.
func deviation(_ values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
}
