import Torch

/// Stochastic gradient descent with momentum, as PyTorch's `SGD`: with g the gradient plus weight decay times the
/// parameter, v = momentum v + (1 − dampening) g, and the step is −rate v, or −rate (g + momentum v) with Nesterov's
/// form (Sutskever et al. 2013). The first v is g itself.
public final class SGD: Optimizer {
  /// The parameters it changes, in order.
  public let parameters: [Tensor]
  /// The size of a step.
  public var learningRate: Double { didSet { rate.value = learningRate } }
  private var rate: DeviceNumber
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
    // The host's kernel takes any type; CUDA's reads a float32, whatever the parameters' type is.
    let isOnHost = (parameters.first?.device ?? .cpu) == .cpu
    rate = DeviceNumber(learningRate, beside: parameters, dtype: isOnHost ? .float64 : .float32)
    self.momentum = momentum
    self.dampening = dampening
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    velocities = momentum == 0 ? [] : parameters.map { $0.detached().zerosLike() }
    started = momentum == 0 ? [] : parameters.map { Tensor.zeros([1], dtype: .uint8, device: $0.device) }
  }

  /// The velocities, and which of them have been set; nothing without momentum.
  public var memory: [(name: String, tensor: Tensor)] {
    named("momentum_buffer", velocities) + named("started", started)
  }

  /// One step for the parameters that have a gradient; the average moves for all.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage?, unless flag: StopFlag?) {
    withoutGradient {
      defer { average?.move(toward: parameters, unless: flag) }
      let reached = Reached(parameters, gradients)
      guard !reached.indices.isEmpty else { return }
      let isDamped = dampening != 0 && momentum != 0
      // A velocity of zeros becomes the gradient itself, so that only dampening asks whether this is the first step.
      fusedSGD.all(
        .tensors(reached.parameters), .tensors(isDamped ? damped(reached) : reached.gradients),
        .tensors(momentum == 0 ? [] : reached.of(velocities)), .double(isDamped ? 0 : weightDecay), .double(momentum),
        .tensor(rate.tensor), .double(0), .bool(nesterov), .bool(false), .bool(false), .none,
        .optional(flag?.tensor))
      guard momentum != 0 else { return }
      let started = reached.of(started)
      flag.copy(started.map { $0.onesLike() }, over: started)
    }
  }

  /// What is added to each velocity.
  private func damped(_ reached: Reached) -> [Tensor] {
    zip(reached.of(started), zip(reached.parameters, reached.gradients)).map { started, pair in
      (pair.1 + pair.0 * weightDecay) * (1 - started.to(pair.1.dtype) * dampening)
    }
  }
}

private let fusedSGD = Operation("aten::_fused_sgd_", "tensor_lr")
