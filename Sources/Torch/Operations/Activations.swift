private let leakyReluOperation = Operation("gan::leaky_relu")
private let tanhOperation = Operation("aten::tanh")
private let sigmoidOperation = Operation("aten::sigmoid")
private let softplusOperation = Operation("aten::softplus")
private let eluOperation = Operation("aten::elu")
private let geluOperation = Operation("aten::gelu")
private let siluOperation = Operation("aten::silu")

extension Tensor {
  /// max(x, 0).
  public func relu() -> Tensor { leakyReLU(0) }
  /// x where it is positive, else `slope` times x.
  public func leakyReLU(_ slope: Double) -> Tensor { leakyReluOperation(.tensor(self), .double(slope)) }
  /// The hyperbolic tangent.
  public func tanh() -> Tensor { tanhOperation(.tensor(self)) }
  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor { sigmoidOperation(.tensor(self)) }
  /// log(1 + eˣ); x itself above 20, where the difference is below 2.1e-9 but a float64 still sees it.
  public func softplus() -> Tensor { softplusOperation(.tensor(self)) }
  /// x where it is positive, else eˣ − 1 (Clevert et al. 2016).
  public func elu() -> Tensor { eluOperation(.tensor(self)) }
  /// x Φ(x), with Φ the distribution of the standard normal (Hendrycks and Gimpel 2016).
  public func gelu() -> Tensor { geluOperation(.tensor(self)) }
  /// x / (1 + e⁻ˣ) (Elfwing et al. 2018).
  public func silu() -> Tensor { siluOperation(.tensor(self)) }
}
