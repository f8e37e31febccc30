/// How one player moves.
public struct PlayerSettings: Sendable, Equatable {
  /// The rule by which a gradient becomes a step.
  public var optimizer = OptimizerKind.adam
  /// The size of a step, before the schedule.
  public var learningRate = 2e-4
  /// Adam: how much of the running mean of gradients a step keeps (DCGAN's 0.5; Radford et al. 2016, section 4).
  public var beta1 = 0.5
  /// Adam: how much of the running mean of squared gradients a step keeps.
  public var beta2 = 0.999
  /// Adam and RMSProp: added to the root of the mean square.
  public var epsilon = 1e-8
  /// SGD and RMSProp: how much of the former step a step keeps.
  public var momentum = 0.0
  /// SGD: whether the gradient is taken ahead of the momentum.
  public var nesterov = false
  /// RMSProp: how much of the running mean of squared gradients a step keeps.
  public var alpha = 0.99
  /// The pull of parameters toward zero.
  public var weightDecay = 0.0
  /// The weight of ``OrthogonalRegularization``, 0 for none.
  public var orthogonal = 0.0
  /// The greatest common norm of the gradients, 0 for no limit.
  public var clipNorm = 0.0
  /// The greatest absolute value of a gradient's element, 0 for no limit.
  public var clipValue = 0.0
  /// How the learning rate changes over the steps.
  public var schedule = ScheduleKind.constant
  /// Linear and cosine: the steps from the end of the warm-up until the end is reached; ``Recipe/fit(toSteps:)`` makes it that
  /// of the run.
  public var scheduleSteps = 10_000
  /// Linear and cosine: the last multiple of the learning rate; exponential: the factor of each step.
  public var scheduleEnd = 0.0
  /// Steps over which the learning rate first rises from zero.
  public var warmUpSteps = 0

  /// Adam with DCGAN's settings.
  public init() {}

  /// The optimizer for `parameters`.
  public func makeOptimizer(_ parameters: [Tensor]) -> any Optimizer {
    switch optimizer {
    case .sgd:
      SGD(
        parameters, learningRate: learningRate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .adam, .adamw:
      Adam(
        parameters, learningRate: learningRate, betas: (beta1, beta2), epsilon: epsilon, weightDecay: weightDecay,
        decoupled: optimizer == .adamw)
    case .rmsprop:
      RMSProp(
        parameters, learningRate: learningRate, alpha: alpha, epsilon: epsilon, momentum: momentum,
        weightDecay: weightDecay)
    }
  }

  /// The learning rate's multiple over the steps.
  public var learningRateSchedule: LearningRateSchedule {
    let body: LearningRateSchedule =
      switch schedule {
      case .constant: .constant
      case .linear: .linear(end: scheduleEnd, steps: scheduleSteps)
      case .cosine: .cosine(end: scheduleEnd, steps: scheduleSteps)
      case .exponential: .exponential(rate: scheduleEnd)
      }
    // The first step must move: the rise reaches 1 after warmUpSteps and begins at one part of them.
    return warmUpSteps == 0 ? body : .warmUp(start: 1 / Double(warmUpSteps + 1), steps: warmUpSteps, then: body)
  }
}

/// The optimizers a recipe can name.
public enum OptimizerKind: String, Sendable, CaseIterable { case sgd, adam, adamw, rmsprop }

/// The learning-rate schedules a recipe can name.
public enum ScheduleKind: String, Sendable, CaseIterable { case constant, linear, cosine, exponential }
