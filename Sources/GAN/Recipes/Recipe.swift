/// Everything that decides how a game is played, but for the data, the seed and when to stop.
///
/// Every setting is a ``RecipeField`` too, by which `--set`, `recipe.json` and `gan recipes` reach it.
public struct Recipe: Sendable, Equatable {
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
  /// The discriminator's dropout rate, where its network has dropout.
  public var dropout = 0.3

  /// What each player minimises.
  public var objective = ObjectiveKind.nonSaturating
  /// The weight of the gradient penalty on D, 0 for none.
  public var gradientPenalty = 0.0
  /// The limit to which D's weights are clipped after its steps, 0 for none.
  public var weightClip = 0.0

  /// Whether the players move in turns or at once.
  public var update = UpdateRule.alternating
  /// How many times D moves for each move of G.
  public var criticSteps = 1
  /// Pictures of each kind in one computation.
  public var batch = 64
  /// How many batches make the gradient of one move.
  public var accumulation = 1
  /// The arithmetic of matrix products and convolutions.
  public var precision = Precision.auto

  /// How G moves.
  public var generator = PlayerSettings()
  /// How D moves.
  public var discriminator = PlayerSettings()

  /// How much of the averaged generator a step keeps, 0 for no average.
  public var averageDecay = 0.999
  /// Whether the average starts with a short memory: step t keeps at most (1 + t) / (10 + t).
  public var averageWarmUp = true

  /// Steps when nothing else limits a run.
  public var steps: Int

  /// A recipe with the defaults of this page.
  public init(_ name: String, purpose: String, network: NetworkKind, steps: Int) {
    self.name = name
    self.purpose = purpose
    self.network = network
    baseWidth = network.defaultBaseWidth
    self.steps = steps
  }

  /// Real images that a step takes.
  package var imagesPerStep: Int { batch * accumulation * criticSteps }
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

/// The arithmetic of matrix products and convolutions; parameters are float32 always.
public enum Precision: String, Sendable, CaseIterable {
  /// bfloat16 where the processor has instructions for it, else float32.
  case auto
  case float32
  case bfloat16

  /// The type to compute in, `nil` for the parameters' own.
  public var dtype: DType? {
    switch self {
    case .auto: Machine.has("avx512bf16") || Machine.has("amx-bf16") ? .bfloat16 : nil
    case .float32: nil
    case .bfloat16: .bfloat16
    }
  }

  /// What `auto` means on this machine; the others mean themselves.
  public var settled: Precision { dtype == .bfloat16 ? .bfloat16 : .float32 }
}
