import Torch

/// An element-wise function between layers.
public enum Activation: Sendable, Hashable {
  case identity
  case relu
  case leakyReLU(Double)
  case elu
  case gelu
  case silu
  case softplus
  case tanh
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
}
