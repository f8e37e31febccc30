import Torch

/// Dropout (Srivastava et al. 2014) in its inverted form: a training pass sets each element to zero with probability
/// `rate` and divides the others by 1 − rate; an inference pass changes nothing.
public struct Dropout {
  let rate: Double

  /// A layer that drops each element with probability `rate`.
  ///
  /// - Precondition: `rate` lies in 0 ..< 1.
  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate lies in 0 ..< 1, and \(rate) does not")
    self.rate = rate
  }

  /// `x` with elements dropped.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard case .training(let random) = pass, rate > 0 else { return x }
    return x.dropout(rate, using: random)
  }
}
