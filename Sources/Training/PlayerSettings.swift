import NN
import Torch

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
  /// Linear and cosine: the share of those steps in which the learning rate stays as it is before it falls.
  public var scheduleHold = 0.0
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
    let held = Int(scheduleHold * Double(scheduleSteps))
    let falling = max(scheduleSteps - held, 1)
    var body: LearningRateSchedule =
      switch schedule {
      case .constant: .constant
      case .linear: .linear(end: scheduleEnd, steps: falling)
      case .cosine: .cosine(end: scheduleEnd, steps: falling)
      case .exponential: .exponential(rate: scheduleEnd)
      }
    if held > 0, stepsToScheduleEnd != nil { body = .hold(steps: held, then: body) }
    // The first step must move: the rise reaches 1 after warmUpSteps and begins at one part of them.
    return warmUpSteps == 0 ? body : .warmUp(start: 1 / Double(warmUpSteps + 1), steps: warmUpSteps, then: body)
  }
}

extension PlayerSettings {
  /// All settings of a player.
  public static let settings: [Setting<PlayerSettings>] = [
    .choice("optimizer", \.optimizer),
    .number("learning_rate", \.learningRate),
    .number("beta1", \.beta1, 0...0.999999),
    .number("beta2", \.beta2, 0...0.9999999),
    .number("epsilon", \.epsilon),
    .number("momentum", \.momentum, 0...0.999999),
    .truth("nesterov", \.nesterov),
    .number("alpha", \.alpha, 0...0.999999),
    .number("weight_decay", \.weightDecay),
    .number("orthogonal", \.orthogonal),
    .number("clip_norm", \.clipNorm),
    .number("clip_value", \.clipValue),
    .choice("schedule", \.schedule),
    .whole("schedule_steps", \.scheduleSteps, 1...Setting<PlayerSettings>.mostSteps),
    .number("schedule_hold", \.scheduleHold, 0...1),
    .number("schedule_end", \.scheduleEnd, 0...1),
    .whole("warm_up_steps", \.warmUpSteps, 0...Setting<PlayerSettings>.mostSteps),
  ]

  /// Throws when the settings of the player called `name` contradict each other.
  public func validate(_ name: String) throws(TrainingError) {
    if nesterov && (optimizer != .sgd || momentum == 0) {
      throw TrainingError("\(name).nesterov is a form of momentum: set \(name).optimizer=sgd and \(name).momentum=0.9")
    }
    if momentum > 0 && (optimizer == .adam || optimizer == .adamw) {
      throw TrainingError(
        "\(name).momentum is for sgd and rmsprop; \(optimizer.rawValue) has \(name).beta1 instead")
    }
    if schedule == .exponential && scheduleEnd == 0 {
      throw TrainingError("\(name).schedule=exponential needs its factor a step: set \(name).schedule_end=0.9999, say")
    }
    if clipNorm > 0 && clipValue > 0 {
      throw TrainingError("\(name).clip_norm and \(name).clip_value both limit gradients: set one of them to 0")
    }
  }

  /// What the setting called `key` of the player called `name` is for, where nothing in these settings reads it; `nil` where
  /// something does.
  public func useOfUnreadSetting(_ key: String, _ name: String) -> String? {
    func optimizers(_ kinds: OptimizerKind...) -> String? {
      kinds.contains(optimizer) ? nil : "\(name).optimizer=" + kinds.map(\.rawValue).joined(separator: " or ")
    }
    switch key {
    case "beta1", "beta2": return optimizers(.adam, .adamw)
    case "epsilon": return optimizers(.adam, .adamw, .rmsprop)
    case "alpha": return optimizers(.rmsprop)
    case "schedule_steps", "schedule_hold":
      return [.linear, .cosine].contains(schedule) ? nil : "\(name).schedule=linear or cosine"
    case "schedule_end": return schedule == .constant ? "\(name).schedule=linear, cosine or exponential" : nil
    default: return nil
    }
  }

  /// The number of steps after which the learning rate stays as it is; nil if it has no schedule that ends.
  var stepsToScheduleEnd: Int? { [.linear, .cosine].contains(schedule) ? warmUpSteps + scheduleSteps : nil }

  /// Whether a schedule that ends near zero has brought the learning rate below a hundredth of its first value at `position`.
  func isAtRest(at position: Double) -> Bool {
    stepsToScheduleEnd != nil && position > Double(warmUpSteps) && learningRateSchedule.factor(at: position) < 0.01
      && scheduleEnd < 0.01
  }

  /// Fits a schedule to a run of `steps` steps: it begins when the warm-up is over and ends with the run.
  public mutating func fit(toSteps steps: Int) { scheduleSteps = max(1, steps - warmUpSteps) }
}

/// The optimizers a recipe can name.
public enum OptimizerKind: String, Sendable, CaseIterable { case sgd, adam, adamw, rmsprop }

/// The learning-rate schedules a recipe can name.
public enum ScheduleKind: String, Sendable, CaseIterable { case constant, linear, cosine, exponential }
