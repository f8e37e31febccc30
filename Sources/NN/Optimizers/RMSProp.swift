import Torch

/// RMSProp (Hinton 2012, lecture 6e), as PyTorch's: s = α s + (1 − α) g², and the step is −rate g / (√s + ε); with
/// momentum, v = momentum v + g / (√s + ε) and the step is −rate v.
public final class RMSProp: Optimizer {
  /// The parameters it changes, in order.
  public let parameters: [Tensor]
  /// The size of a step.
  public var learningRate: Double { didSet { rate.value = learningRate } }
  private var rate: DeviceNumber
  let alpha: Double
  let epsilon: Double
  let momentum: Double
  let weightDecay: Double
  private let squares: [Tensor]
  private let velocities: [Tensor]

  /// An optimizer that has taken no step.
  ///
  /// - Parameter alpha: how much of the running mean of squared gradients a step keeps.
  public init(
    _ parameters: [Tensor], learningRate: Double, alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    weightDecay: Double = 0
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    rate = DeviceNumber(learningRate, beside: parameters)
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.weightDecay = weightDecay
    squares = parameters.map { $0.detached().zerosLike() }
    velocities = momentum == 0 ? [] : parameters.map { $0.detached().zerosLike() }
  }

  /// The running means of squared gradients, and with momentum the velocities.
  public var memory: [(name: String, tensor: Tensor)] {
    named("square_avg", squares) + named("momentum_buffer", velocities)
  }

  /// One step for the parameters that have a gradient; the average moves for all.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage?, unless flag: StopFlag?) {
    withoutGradient {
      defer { average?.move(toward: parameters, unless: flag) }
      let reached = Reached(parameters, gradients)
      guard !reached.indices.isEmpty else { return }
      var gradients = reached.gradients
      if weightDecay != 0 {
        gradients = addList.all(
          .tensors(gradients), .tensors(reached.parameters), .double(weightDecay), capacity: gradients.count)
      }
      // Under a raised flag gradients are 0 and everything is kept.
      if let flag { gradients = flag.zeroing(gradients) }
      let squares = reached.of(squares)
      squares.multiply(by: kept(alpha, unless: flag))
      addProducts.all(.tensors(squares), .tensors(gradients), .tensors(gradients), .double(1 - alpha))
      let roots = squareRoots.all(.tensors(squares), capacity: squares.count)
      addScalar.all(.tensors(roots), .double(epsilon))
      if momentum == 0 {
        addQuotients.all(
          .tensors(reached.parameters), .tensors(gradients.multiplied(by: rate.tensor)), .tensors(roots), .double(-1))
      } else {
        let velocities = reached.of(velocities)
        velocities.multiply(by: kept(momentum, unless: flag))
        addQuotients.all(.tensors(velocities), .tensors(gradients), .tensors(roots), .double(1))
        let length = flag.map { rate.tensor * (1 - $0.tensor) } ?? rate.tensor
        subtractList.all(.tensors(reached.parameters), .tensors(velocities.multiplied(by: length)))
      }
    }
  }

  /// How much of a memory a step keeps: all of it if the flag is raised.
  private func kept(_ share: Double, unless flag: StopFlag?) -> Tensor {
    guard let flag else { return Tensor(share, dtype: .float64, device: rate.tensor.device) }
    return flag.tensor.to(.float64) * (1 - share) + share
  }
}

private let addList = Operation("aten::_foreach_add", "List")
private let subtractList = Operation("aten::_foreach_sub_", "List")
private let addScalar = Operation("aten::_foreach_add_", "Scalar")
private let addProducts = Operation("aten::_foreach_addcmul_", "Scalar")
private let addQuotients = Operation("aten::_foreach_addcdiv_", "Scalar")
private let squareRoots = Operation("aten::_foreach_sqrt")
