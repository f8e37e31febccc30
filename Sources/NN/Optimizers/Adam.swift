import Glibc
import Torch

/// Adam (Kingma and Ba 2015, algorithm 1), and AdamW (Loshchilov and Hutter 2019, algorithm 2): all parameters, and
/// their running mean where there is one, in one pass through memory. Epsilon is added to √v̂, as PyTorch does; Keras
/// adds it before the bias correction.
public final class Adam: Optimizer {
  /// The parameters it changes, in order.
  public let parameters: [Tensor]
  /// The size of a step.
  public var learningRate: Double { didSet { rate.value = learningRate * lazyFactor } }
  /// The factor c of lazy regularisation: the learning rate is multiplied by it, both betas are raised to its power.
  public var lazyFactor = 1.0 { didSet { rate.value = learningRate * lazyFactor } }
  private var rate: DeviceNumber
  let betas: (Double, Double)
  let epsilon: Double
  let weightDecay: Double
  let isDecoupled: Bool
  private let means: [Tensor]
  private let squares: [Tensor]
  /// How many steps each parameter has taken, `[parameters.count]`.
  private let steps: Tensor

  /// An optimizer that has taken no step.
  ///
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
    rate = DeviceNumber(learningRate, beside: parameters)
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    isDecoupled = decoupled
    means = parameters.map { $0.detached().zerosLike() }
    squares = parameters.map { $0.detached().zerosLike() }
    steps = .zeros([parameters.count], dtype: .int64, device: rate.tensor.device)
  }

  /// The running means of gradients and of their squares, and how many steps each parameter has taken.
  public var memory: [(name: String, tensor: Tensor)] {
    named("exp_avg", means) + named("exp_avg_sq", squares) + [("step", steps)]
  }

  /// One step for the parameters that have a gradient; the average moves for all.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage?, unless flag: StopFlag?) {
    withoutGradient {
      _ = adam.all(
        .tensors(parameters), .tensors(gradients.map { $0 ?? .undefined }), .tensors(means), .tensors(squares),
        .tensor(steps), .tensor(rate.tensor), .double(pow(betas.0, lazyFactor)), .double(pow(betas.1, lazyFactor)),
        .double(epsilon), .double(weightDecay), .bool(isDecoupled), .tensors(average?.tensors ?? []),
        .optional(average?.number.tensor), .optional(flag?.tensor))
    }
  }
}

private let adam = Operation("gan::adam_")
