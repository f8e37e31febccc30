import Torch

extension Tensor {
  /// The largest difference to an element of `expected`, as a share of the largest magnitude there (of `floor` where all
  /// are smaller); infinite when the shapes differ or a difference is not a number.
  public func deviation(from expected: Tensor, floor: Double = 1e-3) -> Double {
    guard isDefined, shape == expected.shape else { return .infinity }
    guard count > 0 else { return 0 }
    let (a, b) = (detached().to(.float64), expected.detached().to(.float64))
    let difference = (a - b).abs().max().item
    let scale = Swift.max(b.abs().max().item, floor)
    return difference.isNaN ? .infinity : difference / scale
  }
}
