import Torch

/// Adam (Kingma and Ba 2015, algorithm 1), and AdamW (Loshchilov and Hutter 2019, algorithm 2), through libtorch's fused
/// kernel. Epsilon is added to √v̂, as PyTorch does; Keras adds it before the bias correction.
public final class Adam: Optimizer {
  public let parameters: [Tensor]
  public var learningRate: Double
  let betas: (Double, Double)
  let epsilon: Double
  let weightDecay: Double
  let isDecoupled: Bool
  private let means: [Tensor]
  private let squares: [Tensor]
  private let steps: [Tensor]

  /// - Parameters:
  ///   - betas: how much of the running mean of gradients, and of their squares, a step keeps.
  ///   - weightDecay: added to the gradient, times the parameter; or taken from the parameter itself, times the
  ///     learning rate, when `decoupled`, which is AdamW.
  public init(
    _ parameters: [Tensor], learningRate: Double, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupled: Bool = false
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    isDecoupled = decoupled
    means = parameters.map { $0.detached().zerosLike() }
    squares = parameters.map { $0.detached().zerosLike() }
    steps = parameters.map { .zeros([], device: $0.device) }
  }

  public var memory: [(name: String, tensor: Tensor)] {
    named("exp_avg", means) + named("exp_avg_sq", squares) + named("step", steps)
  }

  public func step(_ gradients: [Tensor?]) {
    withoutGradient {
      let reached = Reached(parameters, gradients)
      guard !reached.indices.isEmpty else { return }
      let counts = reached.of(steps)
      countUp.all(.tensors(counts), .double(1))
      (isDecoupled ? fusedAdamW : fusedAdam).all(
        .tensors(reached.parameters), .tensors(reached.gradients), .tensors(reached.of(means)),
        .tensors(reached.of(squares)), .tensors([]), .tensors(counts), .double(learningRate), .double(betas.0),
        .double(betas.1), .double(weightDecay), .double(epsilon), .bool(false), .bool(false))
    }
  }
}

private let fusedAdam = Operation("aten::_fused_adam_")
private let fusedAdamW = Operation("aten::_fused_adamw_")
private let countUp = Operation("aten::_foreach_add_", "Scalar")
