/// The settings of the adversarial game.
public struct AdversarialRecipe: Recipe {
  /// "adversarial".
  public static let game = "adversarial"
  /// "encoder": the ``PictureEncoder`` that is trained on the data.
  public static let encoderOfData = "encoder"

  /// Its name, as in "dcgan".
  public var name: String
  /// What it is, in a sentence.
  public var purpose: String

  /// The pair of networks.
  public var network: NetworkKind
  /// The number of random numbers that G makes a picture from.
  public var latentSize = 100
  /// The number of features that all widths of the networks are multiples of.
  public var baseWidth: Int
  /// Whether networks that can use self-attention do.
  public var attention = false
  /// How many layers make a style of latents, in networks with styles.
  public var mappingLayers = 2
  /// The probability that generated images of a batch get the styles of other latents from some layer on, in such networks.
  public var styleMixing = 0.0
  /// The discriminator's dropout rate, if its network has dropout.
  public var dropout = 0.3
  /// How the discriminator's layers are normalised; `nil` for its network's default.
  public var discriminatorNorm: DiscriminatorNorm?
  /// Whether D sees how much the images of a batch differ (``MinibatchStandardDeviation``).
  public var minibatchDeviation = false
  /// Further convolutions of D's smallest maps, in networks that can have such.
  public var extraLayers = 0
  /// Whether D sees pictures only as the maps of a network of features (``ProjectedDiscriminator``).
  public var projected = false
  /// That network: ``encoderOfData``, or the file of an encoder or a classifier; nil for one with drawn weights.
  public var featureNetwork: String? = encoderOfData
  /// How many images D judges together.
  public var packing = 1
  /// How the generator is conditional on class labels.
  public var conditionGenerator = GeneratorConditioning.none
  /// How the discriminator is conditional on class labels.
  public var conditionDiscriminator = DiscriminatorConditioning.none
  /// How many groups of similar pictures are found in the data (``FoundGroups``), for both players to be conditional on in place
  /// of class labels; 0 for labels.
  public var groups = 0
  /// The weight of the class loss for both players, if D predicts classes.
  public var auxiliaryWeight = 1.0

  /// The folder of the run whose weights the players begin with; nil for drawn ones.
  public var startFrom: String?
  /// How many of D's layers, from the image on, keep their weights (FreezeD; Mo et al. 2020, arXiv:2002.10964).
  public var frozenLayers = 0

  /// What each player minimises.
  public var objective = ObjectiveKind.nonSaturating
  /// How far below 1 D's target for real images lies.
  public var labelSmoothing = 0.0
  /// Penalties on D's loss, and limits on its weights.
  public var penalties = PenaltySettings()
  /// The share of its images, those with the best scores, that G learns from after ``topKSteps``; 1 for all.
  public var topK = 1.0
  /// Steps over which that share falls from 1.
  public var topKSteps: Int
  /// The weight of feature matching in G's loss.
  public var featureMatching = 0.0
  /// The weight of reconstructing real images in D's loss, where D's network reconstructs (Liu et al. 2021, arXiv:2101.04775, section
  /// 3.2).
  public var reconstruction = 0.0
  /// The weight of ``PathLength`` for G, in networks with styles.
  public var pathLength = 0.0
  /// Steps from one use of it to the next.
  public var pathLengthInterval = 4

  /// Augmentation of all images, real and generated, before D sees them.
  public var augment: [AugmentationKind] = []
  /// The probability with which an image undergoes each of these changes; the greatest one, where it adapts itself.
  public var augmentProbability = 1.0
  /// How surely D may tell the training images from generated ones before the probability rises (``AugmentationStrength``); 0 for a
  /// probability that stays.
  public var augmentTarget = 0.0
  /// Steps in which it can rise from 0 to 1.
  public var augmentSteps: Int
  /// The standard deviation, at the first step, of the normal noise added to images before D sees them.
  public var instanceNoise = 0.0
  /// Steps over which that noise fades to zero; 0 for constant noise.
  public var instanceNoiseSteps: Int

  /// Batch size, arithmetic and number of steps.
  public var training: TrainingSettings
  /// Whether the players are updated in turns or together.
  public var update = UpdateRule.alternating
  /// Updates of D per update of G.
  public var criticSteps = 1

  /// G's optimizer.
  public var generator = PlayerSettings()
  /// D's optimizer.
  public var discriminator = PlayerSettings()

  /// The decay of the averaged generator, 0 for no average.
  public var averageDecay = 0.999
  /// How many averages are kept, of which the best is shipped when the run ends: with the horizon 1 / (1 − decay), a quarter of it,
  /// four times as long, and so on.
  public var averages = 1
  /// Whether the average starts with a short memory: step t keeps at most (1 + t) / (10 + t).
  public var averageWarmUp = true

  /// The default settings.
  public init(_ name: String, purpose: String, network: NetworkKind, steps: Int) {
    self.name = name
    self.purpose = purpose
    self.network = network
    baseWidth = network.defaultBaseWidth
    training = TrainingSettings(steps: steps)
    (topKSteps, instanceNoiseSteps, augmentSteps) = (1, 1, 1)
    fit(toSteps: steps)
  }

  /// The recipe called `name`, or one with default settings if there is none.
  public init(recorded name: String) {
    self =
      AdversarialRecipe.all.first { $0.name == name }
      ?? AdversarialRecipe(
        name, purpose: name == AutoRecipe.name ? AutoRecipe.purpose : "", network: .mlp, steps: 1)
  }

  /// The game before its first step.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    let start = try start(for: data.shape)
    let game = try AdversarialGame(
      self, shape: data.shape, of: data.kind, classes: isConditional ? try classTable(of: data) : nil, seed: seed,
      device: device)
    if projected, let featureNetwork { try FeatureNetwork.load(featureNetwork, into: game.discriminator, for: data) }
    try start?.begin(game)
    return game
  }

  /// Trains the encoder of which D is to see maps, and finds groups of similar pictures, where the players are conditional on
  /// groups.
  public func prepared(_ data: Dataset, _ progress: (ExtractorProgress) -> Void) throws -> Dataset {
    if usesEncoder { _ = try FoundGroups.encoder(of: data, progress: progress) }
    return isConditional && groups > 0 ? try FoundGroups.adding(groups, to: data, progress: progress) : data
  }

  /// Whether D is to see the maps of an encoder of the data.
  var usesEncoder: Bool { projected && featureNetwork == Self.encoderOfData }

  /// Fits everything that changes over a run to its number of steps: schedules end with the run, noise and top-k change over its
  /// first half, and adaptive augmentation can reach full strength within a fifth of it. A schedule begins after its player's
  /// warm-up. The command calls this before `--set`; a trainer takes a recipe as it is.
  public mutating func fit(toSteps steps: Int) {
    let steps = min(max(steps, 1), Setting<Self>.mostSteps)
    (topKSteps, instanceNoiseSteps, augmentSteps) = (max(1, steps / 2), max(1, steps / 2), max(1, steps / 5))
    eachPlayer { $0.fit(toSteps: steps) }
  }

  /// One per update of D.
  public var batchesPerStep: Int { criticSteps }

  /// Makes several changes at once. A new network comes with its default width unless that is set, too.
  public mutating func set(_ changes: [(key: String, value: String)]) throws(TrainingError) {
    let former = network
    for (key, value) in changes { try set(key, value) }
    if network != former && !changes.contains(where: { $0.key == "base_width" }) {
      baseWidth = network.defaultBaseWidth
    }
  }
}

/// The order in which the players are updated.
public enum UpdateRule: String, Sendable, CaseIterable {
  /// D, then G against the updated D (Goodfellow et al. 2014, algorithm 1).
  case alternating
  /// Both gradients at the same parameters, then both updates, as in TensorFlow's DCGAN tutorial.
  case simultaneous
  /// Simultaneous, with one backward pass through D for both players (Shen et al. 2021, section 3, arXiv:2103.00430): the
  /// same gradients to rounding, for less work. For objectives that are ``AbsoluteObjective``, and discriminators that
  /// judge each sample alone.
  case oneStage = "one-stage"
}
