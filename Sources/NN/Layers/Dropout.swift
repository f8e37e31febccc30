import Torch

/// Dropout (Srivastava et al. 2014) in its inverted form: a training pass sets each element to zero with probability
/// `rate` and divides the others by 1 − rate; an inference pass changes nothing.
public struct Dropout {
  let rate: Double

  /// A layer that drops each element with probability `rate`.
  ///
  /// - Precondition: `rate` lies in 0 ..< 1.
  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "a dropout rate must be in 0 ..< 1, not \(rate)")
    self.rate = rate
  }

  /// The activation of `x` with elements dropped: relu and leaky relu are fused with dropout into one pass.
  public func callAsFunction(_ x: Tensor, _ pass: Pass, after activation: Activation = .identity) -> Tensor {
    guard let random = pass.random, rate > 0 else { return activation(x) }
    guard let slope = activation.slopeBelowZero, slope >= 0 else {
      return activation(x).dropout(rate, using: random)
    }
    return x.dropout(rate, afterSlope: slope, using: random)
  }
}
