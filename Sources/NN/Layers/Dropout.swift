import Torch

/// Dropout (Srivastava et al. 2014) in its inverted form: a training pass sets each element to zero with probability
/// `rate` and divides the others by 1 − rate; an inference pass changes nothing.
public struct Dropout {
  let rate: Double

  /// - Precondition: `rate` lies in 0 ..< 1.
  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate lies in 0 ..< 1, and \(rate) does not")
    self.rate = rate
  }

  /// `x` with elements dropped.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    guard case .training(let random) = pass, rate > 0 else { return x }
    let mask = withoutGradient { () -> Tensor in
      let mask = x.detached().emptyLike()
      mask.fillBernoulli(1 - rate, using: random)
      mask.multiply(by: 1 / (1 - rate))
      return mask
    }
    return x * mask
  }
}
