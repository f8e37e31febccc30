/// What happens in a training run, in order. Observers get each and answer ``TrainingResponse``.
public enum TrainingEvent: Sendable, Equatable {
  /// The run begins, or resumes from a checkpoint if ``RunStart/firstStep`` is above zero.
  case started(RunStart)
  /// A training step is done.
  case stepped(StepRecord)
  /// A preview was written to `path`; `caption` says what stands where on it, if that is not plain to see.
  case sampled(step: Int, path: String, caption: String? = nil)
  /// A checkpoint of `bytes` bytes was written to `path`.
  case checkpointed(step: Int, path: String, bytes: Int)
  /// Something worth knowing, such as why nothing happens for a while.
  case noted(step: Int, message: String)
  /// Something went wrong that the run survives, such as a full disk during a save.
  case warned(step: Int, message: String)
  /// The run was at step `from`, found that it had broken down (`reason`), and continues from the checkpoint of step
  /// `to`.
  case rolledBack(from: Int, to: Int, attempt: Int, reason: String)
  /// From step `step` on, learning rates go along their schedules so that these end at step `steps`: the run turned out to
  /// have that many steps (`reason`).
  case planned(step: Int, steps: Int, reason: String)
  /// The generator was judged.
  case evaluated(EvaluationRecord)
  /// The run shows signs of going wrong.
  case alarmed(AlarmRecord)
  /// The run is over.
  case finished(RunEnd)
}

/// An observer's answer to an event.
public enum TrainingResponse: Sendable, Equatable {
  /// Go on.
  case `continue`
  /// Save a checkpoint now and continue.
  case checkpoint
  /// Finish the step, save and end the run for this reason.
  case stop(StopReason)
}

/// The circumstances under which a run begins or resumes.
public struct RunStart: Sendable, Equatable {
  /// What a run learns from.
  public struct Dataset: Sendable, Equatable {
    /// The data source as the user typed it, such as `mnist:DIR`.
    public var source: String
    /// The data set's own name.
    public var name: String
    /// The number of training examples.
    public var count: Int
    /// The shape of one example, as in `1x28x28`.
    public var shape: String

    /// A data set from its parts.
    public init(source: String, name: String, count: Int, shape: String) {
      self.source = source
      self.name = name
      self.count = count
      self.shape = shape
    }
  }

  /// What learns.
  public struct Player: Sendable, Equatable {
    /// The player's name.
    public var name: String
    /// The number of its trainable values.
    public var parameters: Int

    /// A player of this size.
    public init(_ name: String, parameters: Int) {
      self.name = name
      self.parameters = parameters
    }
  }

  /// What computes, and how.
  public struct Arithmetic: Sendable, Equatable {
    /// The numbers' type, as in `float32`.
    public var precision: String
    /// The device, as in `cpu`.
    public var device: String
    /// Threads used for arithmetic.
    public var threads: Int

    /// Arithmetic of this precision on this many threads of a device.
    public init(precision: String, device: String, threads: Int) {
      self.precision = precision
      self.device = device
      self.threads = threads
    }
  }

  /// The recipe's name, as in `dcgan`.
  public var recipe: String
  /// The training data.
  public var dataset: Dataset
  /// The players, in order.
  public var players: [Player]
  /// What the steps measure: readers of a log learn titles, units and charts from it.
  public var scalars: [Scalar]
  /// Examples a step.
  public var batch: Int
  /// What computes, and how.
  public var arithmetic: Arithmetic
  /// The step at which the run ends, counted from the run's beginning; nil when steps do not limit it.
  public var stepsLimit: Int?
  /// The number of steps already done: 0, or where the run resumes.
  public var firstStep: Int
  /// The run folder.
  public var runPath: String

  /// Circumstances from their parts.
  public init(
    recipe: String, dataset: Dataset, players: [Player], scalars: [Scalar], batch: Int, arithmetic: Arithmetic,
    stepsLimit: Int? = nil, firstStep: Int = 0, runPath: String
  ) {
    self.recipe = recipe
    self.dataset = dataset
    self.players = players
    self.scalars = scalars
    self.batch = batch
    self.arithmetic = arithmetic
    self.stepsLimit = stepsLimit
    self.firstStep = firstStep
    self.runPath = runPath
  }
}

/// What one training step measured.
public struct StepRecord: Sendable, Equatable {
  /// Steps done since the run's beginning, this one included.
  public var step: Int
  /// Training samples seen since the run's beginning.
  public var samples: Int
  /// Training time since the run's beginning, in seconds; the time before a resumption counts.
  public var seconds: Double
  /// What the game measured, in the order in which it is shown.
  public var scalars: Scalars
  /// Training samples per second, lately.
  public var samplesPerSecond: Double
  /// The step at which the run ends, when steps limit it.
  public var stepsLimit: Int?
  /// The training time at which the run ends, in seconds, when time limits it.
  public var secondsLimit: Double?

  /// Measurements from their parts.
  public init(
    step: Int, samples: Int, seconds: Double, scalars: Scalars, samplesPerSecond: Double, stepsLimit: Int? = nil,
    secondsLimit: Double? = nil
  ) {
    self.step = step
    self.samples = samples
    self.seconds = seconds
    self.scalars = scalars
    self.samplesPerSecond = samplesPerSecond
    self.stepsLimit = stepsLimit
    self.secondsLimit = secondsLimit
  }

  /// The value of `scalar`; nil where the step did not measure it.
  public subscript(scalar: Scalar) -> Double? {
    get { scalars[scalar] }
    set { scalars[scalar] = newValue }
  }

  /// The value of the scalar called `name`; nil where the step did not measure it.
  public subscript(name: String) -> Double? { scalars[name] }
}
