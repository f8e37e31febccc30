/// The settings of the adversarial game.
public struct AdversarialRecipe: Recipe {
  /// "adversarial".
  public static let game = "adversarial"

  /// What people call it, as in "dcgan".
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// The pair of networks.
  public var network: NetworkKind
  /// How many random numbers make a picture.
  public var latentSize = 100
  /// The number of features from which the networks' widths follow.
  public var baseWidth: Int
  /// Whether distant places of a picture are compared, in networks that can.
  public var attention = false
  /// The discriminator's dropout rate, where its network has dropout.
  public var dropout = 0.3
  /// How the discriminator's layers are normalised; `nil` for what its network usually has.
  public var discriminatorNorm: DiscriminatorNorm?
  /// Whether D is shown how much the images of a batch differ.
  public var minibatchDeviation = false
  /// How many images D judges as one.
  public var packing = 1
  /// How the generator takes account of classes.
  public var conditionGenerator = GeneratorConditioning.none
  /// How the discriminator takes account of classes.
  public var conditionDiscriminator = DiscriminatorConditioning.none
  /// The weight of the class in both players' losses, where D tells classes itself.
  public var auxiliaryWeight = 1.0

  /// What each player minimises.
  public var objective = ObjectiveKind.nonSaturating
  /// How far below 1 D's target for real images lies.
  public var labelSmoothing = 0.0
  /// What is added to D's loss and limited in its weights.
  public var penalties = PenaltySettings()
  /// The share of its images, the best ones, that G learns from once ``topKSteps`` are over; 1 for all.
  public var topK = 1.0
  /// Steps over which that share falls from 1.
  public var topKSteps: Int
  /// The weight of the distance of mean features in G's loss.
  public var featureMatching = 0.0

  /// What is done to images, real and generated, before D sees them.
  public var augment: [AugmentationKind] = []
  /// The deviation of the normal noise that is added to images before D sees them, at the first step.
  public var instanceNoise = 0.0
  /// Steps over which that noise falls to nothing; 0 for noise that stays.
  public var instanceNoiseSteps: Int

  /// The size of a step, its arithmetic, and how many steps there are.
  public var training: TrainingSettings
  /// Whether the players move in turns or at once.
  public var update = UpdateRule.alternating
  /// How many times D moves for each move of G.
  public var criticSteps = 1

  /// How G moves.
  public var generator = PlayerSettings()
  /// How D moves.
  public var discriminator = PlayerSettings()

  /// How much of the averaged generator a step keeps, 0 for no average.
  public var averageDecay = 0.999
  /// Whether the average starts with a short memory: step t keeps at most (1 + t) / (10 + t).
  public var averageWarmUp = true

  /// The default settings.
  public init(_ name: String, purpose: String, network: NetworkKind, steps: Int) {
    self.name = name
    self.purpose = purpose
    self.network = network
    baseWidth = network.defaultBaseWidth
    training = TrainingSettings(steps: steps)
    (topKSteps, instanceNoiseSteps) = (1, 1)
    fit(toSteps: steps)
  }

  /// The recipe called `name`, or one with default settings where there is none of that name.
  public init(recorded name: String) {
    self =
      AdversarialRecipe.all.first { $0.name == name }
      ?? AdversarialRecipe(
        name, purpose: name == AutoRecipe.name ? AutoRecipe.purpose : "", network: .mlp, steps: 1)
  }

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64) throws -> any Game {
    try AdversarialGame(
      self, shape: data.shape, of: data.kind, classes: isConditional ? try classTable(of: data) : nil, seed: seed)
  }

  /// Fits what changes over a run to its number of steps: schedules end with it, and what fades out does so in its first half,
  /// noise that stays too. A schedule begins when its player's warm-up is over. The command does so before `--set`; a trainer
  /// plays a recipe as it is.
  public mutating func fit(toSteps steps: Int) {
    let steps = min(max(steps, 1), Setting<Self>.mostSteps)
    (topKSteps, instanceNoiseSteps) = (max(1, steps / 2), max(1, steps / 2))
    eachPlayer { $0.fit(toSteps: steps) }
  }

  /// One for each of D's moves.
  public var batchesPerStep: Int { criticSteps }

  /// Makes several changes at once. Another network comes in its usual width, unless that is set too.
  public mutating func set(_ changes: [(key: String, value: String)]) throws(TrainingError) {
    let former = network
    for (key, value) in changes { try set(key, value) }
    if network != former && !changes.contains(where: { $0.key == "base_width" }) {
      baseWidth = network.defaultBaseWidth
    }
  }
}

/// In which order the players move.
public enum UpdateRule: String, Sendable, CaseIterable {
  /// D, then G against the D that has moved (Goodfellow et al. 2014, algorithm 1).
  case alternating
  /// Both gradients at the same parameters, then both move, as the well-known Keras tutorial does.
  case simultaneous
  /// Simultaneous, with one backward pass through D for both players (Shen et al. 2021, section 3, arXiv:2103.00430): the
  /// same gradients to rounding, for less work. For objectives that are ``OneStageObjective``, and discriminators that
  /// judge each sample alone.
  case oneStage = "one-stage"
}
