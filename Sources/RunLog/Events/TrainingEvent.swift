/// What happens in a training run, in order. Observers get each and answer ``TrainingResponse``.
public enum TrainingEvent: Sendable, Equatable {
  /// The run begins, or goes on from a checkpoint when ``RunStart/firstStep`` is above zero.
  case started(RunStart)
  /// A training step is done.
  case stepped(StepRecord)
  /// Pictures of the fixed latents were written to `path`.
  case sampled(step: Int, path: String)
  /// A checkpoint of `bytes` bytes was written to `path`.
  case checkpointed(step: Int, path: String, bytes: Int)
  /// Something that a reader should know, as why nothing happens for a while.
  case noted(step: Int, message: String)
  /// Something went wrong that the run survives, as a full disk during a save.
  case warned(step: Int, message: String)
  /// The run was at step `from`, found that it had broken down (`reason`), and goes on from the checkpoint of step `to`.
  case rolledBack(from: Int, to: Int, attempt: Int, reason: String)
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
  /// Save a checkpoint now and go on.
  case checkpoint
  /// Finish the step, save and end the run for this reason.
  case stop(StopReason)
}

/// The circumstances under which a run begins or goes on.
public struct RunStart: Sendable, Equatable {
  /// The recipe's name, as in `dcgan`.
  public var recipe: String
  /// The data source as the user typed it, as in `mnist:DIR`.
  public var dataSource: String
  /// The data set's own name.
  public var datasetName: String
  /// The number of training examples.
  public var datasetCount: Int
  /// The shape of one example, channels first, as in `1x28x28`.
  public var datasetShape: String
  /// The number of trainable values in the generator.
  public var generatorParameters: Int
  /// The number of trainable values in the discriminator.
  public var discriminatorParameters: Int
  /// Examples a step.
  public var batch: Int
  /// The arithmetic, as in `float32`.
  public var precision: String
  /// The device, as in `cpu`.
  public var device: String
  /// Threads used for arithmetic.
  public var threads: Int
  /// The step at which the run ends, counted from the run's beginning; nil when steps do not limit it.
  public var stepsLimit: Int?
  /// The number of steps already done: 0, or where the run resumes.
  public var firstStep: Int
  /// The run folder.
  public var runPath: String

  /// Circumstances given one by one.
  public init(
    recipe: String, dataSource: String, datasetName: String, datasetCount: Int, datasetShape: String,
    generatorParameters: Int, discriminatorParameters: Int, batch: Int, precision: String, device: String,
    threads: Int, stepsLimit: Int?, firstStep: Int, runPath: String
  ) {
    self.recipe = recipe
    self.dataSource = dataSource
    self.datasetName = datasetName
    self.datasetCount = datasetCount
    self.datasetShape = datasetShape
    self.generatorParameters = generatorParameters
    self.discriminatorParameters = discriminatorParameters
    self.batch = batch
    self.precision = precision
    self.device = device
    self.threads = threads
    self.stepsLimit = stepsLimit
    self.firstStep = firstStep
    self.runPath = runPath
  }
}

/// What one training step measured.
public struct StepRecord: Sendable, Equatable {
  /// Steps done since the run's beginning, this one included.
  public var step: Int
  /// Training images seen since the run's beginning.
  public var images: Int
  /// Training time since the run's beginning, in seconds; the time before a resumption counts.
  public var seconds: Double
  /// The discriminator's loss.
  public var lossDiscriminator: Double
  /// The generator's loss.
  public var lossGenerator: Double
  /// The mean of D(x): see ``scoresAreProbabilities``.
  public var scoreReal: Double
  /// The mean of D(G(z)): see ``scoresAreProbabilities``.
  public var scoreFake: Double
  /// Training images a second, lately.
  public var imagesPerSecond: Double
  /// The step at which the run ends, when steps limit it.
  public var stepsLimit: Int?
  /// The training time at which the run ends, in seconds, when time limits it.
  public var secondsLimit: Double?
  /// Whether the scores are probabilities in [0, 1] (logistic objectives) or raw and unbounded.
  public var scoresAreProbabilities: Bool
  /// The norm of the generator's gradient over all its parameters, at the steps at which it was measured.
  public var gradientGenerator: Double?

  /// Measurements given one by one.
  public init(
    step: Int, images: Int, seconds: Double, lossDiscriminator: Double, lossGenerator: Double,
    scoreReal: Double, scoreFake: Double, imagesPerSecond: Double, stepsLimit: Int?, secondsLimit: Double?,
    scoresAreProbabilities: Bool, gradientGenerator: Double? = nil
  ) {
    self.step = step
    self.images = images
    self.seconds = seconds
    self.lossDiscriminator = lossDiscriminator
    self.lossGenerator = lossGenerator
    self.scoreReal = scoreReal
    self.scoreFake = scoreFake
    self.imagesPerSecond = imagesPerSecond
    self.stepsLimit = stepsLimit
    self.secondsLimit = secondsLimit
    self.scoresAreProbabilities = scoresAreProbabilities
    self.gradientGenerator = gradientGenerator
  }
}
