import Torch

private let finite = Operation("aten::isfinite")
private let allAlong = Operation("aten::all", "dim")

extension Tensor {
  /// Rejects values that no statistic can be computed from.
  ///
  /// - Parameters:
  ///   - width: the columns that there must be; any number when nil.
  ///   - first: the index of the first row among all the samples, for the sentence.
  /// - Throws: ``MetricError`` when this is no matrix of that width, or a row holds a number that is not finite.
  func requireFeatures(width: Int? = nil, first: Int = 0) throws {
    let shape = shape
    guard shape.count == 2, shape[1] > 0 else {
      throw MetricError("features of shape \(shape) are not a matrix: expected one row per sample, [N, D]")
    }
    if let width, width != shape[1] {
      throw MetricError(
        "features have \(shape[1]) numbers per sample, but earlier ones had \(width): all must have the same")
    }
    guard !isFinite else { return }
    let rows = allAlong(.tensor(finite(.tensor(self))), .int(1)).to(.uint8).array(of: UInt8.self)
    let sample = first + (rows.firstIndex(of: 0) ?? 0)
    throw MetricError("the features of sample \(sample) are not finite: the model that made it has diverged")
  }
}
