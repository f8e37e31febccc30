import Torch

/// Stochastic gradient descent with momentum, as PyTorch's `SGD`: with g the gradient plus weight decay times the
/// parameter, v = momentum v + (1 − dampening) g, and the step is −rate v, or −rate (g + momentum v) with Nesterov's
/// form (Sutskever et al. 2013). The first v is g itself.
public final class SGD: Optimizer {
  /// The parameters it changes, in order.
  public let parameters: [Tensor]
  /// The size of a step.
  public var learningRate: Double
  let momentum: Double
  let dampening: Double
  let nesterov: Bool
  let weightDecay: Double
  private let velocities: [Tensor]
  /// 1 once a parameter's velocity has been set, else 0.
  private let started: [Tensor]

  /// An optimizer that has taken no step.
  ///
  /// - Precondition: Nesterov's form needs a momentum and no dampening.
  public init(
    _ parameters: [Tensor], learningRate: Double, momentum: Double = 0, dampening: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    precondition(!nesterov || (momentum > 0 && dampening == 0), "Nesterov's form needs momentum and no dampening")
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    velocities = momentum == 0 ? [] : parameters.map { $0.detached().zerosLike() }
    started = momentum == 0 ? [] : parameters.map { _ in Tensor.zeros([1], dtype: .uint8) }
  }

  /// The velocities, and which of them have been set; nothing without momentum.
  public var memory: [(name: String, tensor: Tensor)] {
    named("momentum_buffer", velocities) + named("started", started)
  }

  /// One step for the parameters that have a gradient; the average moves for all.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage?) {
    withoutGradient {
      defer { average?.move(toward: parameters) }
      let reached = Reached(parameters, gradients)
      guard momentum != 0 else { return update(reached, isFirst: false) }
      // The kernel takes one answer for all parameters to whether this is the first step.
      let flags = started.map { $0.item == 0 }
      for isFirst in [true, false] { update(reached.filtered { flags[$0] == isFirst }, isFirst: isFirst) }
      for index in reached.indices { started[index].fill(1) }
    }
  }

  private func update(_ reached: Reached, isFirst: Bool) {
    guard !reached.indices.isEmpty else { return }
    fusedSGD.all(
      .tensors(reached.parameters), .tensors(reached.gradients),
      .tensors(momentum == 0 ? [] : reached.of(velocities)), .double(weightDecay), .double(momentum),
      .double(learningRate), .double(dampening), .bool(nesterov), .bool(false), .bool(isFirst))
  }
}

private let fusedSGD = Operation("aten::_fused_sgd_")
