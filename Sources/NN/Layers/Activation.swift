import Torch

/// An element-wise function between layers.
public enum Activation: Sendable, Hashable {
  /// x.
  case identity
  /// max(x, 0) (Nair and Hinton 2010).
  case relu
  /// x where it is positive, else the given slope times x (Maas et al. 2013).
  case leakyReLU(Double)
  /// x where it is positive, else eˣ − 1 (Clevert et al. 2016).
  case elu
  /// x Φ(x), with Φ the distribution function of the standard normal (Hendrycks and Gimpel 2016).
  case gelu
  /// x / (1 + e⁻ˣ) (Elfwing et al. 2018).
  case silu
  /// log(1 + eˣ); x itself above 20.
  case softplus
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid

  /// The function of each element of `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyReLU(let slope): x.leakyReLU(slope)
    case .elu: x.elu()
    case .gelu: x.gelu()
    case .silu: x.silu()
    case .softplus: x.softplus()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    }
  }

  /// The slope below zero of a function that is x above it; nil for a curved one. Layers before and after such a
  /// function take it into their own pass.
  var slopeBelowZero: Double? {
    switch self {
    case .identity: 1
    case .relu: 0
    case .leakyReLU(let slope): slope
    case .elu, .gelu, .silu, .softplus, .tanh, .sigmoid: nil
    }
  }
}
