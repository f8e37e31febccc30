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
      let squares = reached.of(squares).multiplied(by: alpha)
      addProducts.all(.tensors(squares), .tensors(gradients), .tensors(gradients), .double(1 - alpha))
      let roots = squareRoots.all(.tensors(squares), capacity: squares.count)
      addScalar.all(.tensors(roots), .double(epsilon))
      var (former, next) = (reached.of(self.squares), squares)
      let steps: [Tensor]
      if momentum == 0 {
        steps = gradients.multiplied(by: rate.tensor)
        divide.all(.tensors(steps), .tensors(roots))
      } else {
        let velocities = reached.of(velocities).multiplied(by: momentum)
        addQuotients.all(.tensors(velocities), .tensors(gradients), .tensors(roots), .double(1))
        (former, next) = (former + reached.of(self.velocities), next + velocities)
        steps = velocities.multiplied(by: rate.tensor)
      }
      former += reached.parameters
      next += subtractList.all(.tensors(reached.parameters), .tensors(steps), capacity: steps.count)
      flag.copy(next, over: former)
    }
  }
}

private let addList = Operation("aten::_foreach_add", "List")
private let subtractList = Operation("aten::_foreach_sub", "List")
private let addScalar = Operation("aten::_foreach_add_", "Scalar")
private let addProducts = Operation("aten::_foreach_addcmul_", "Scalar")
private let addQuotients = Operation("aten::_foreach_addcdiv_", "Scalar")
private let divide = Operation("aten::_foreach_div_", "List")
private let squareRoots = Operation("aten::_foreach_sqrt")
