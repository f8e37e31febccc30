/// What the games of image translation have in common: pictures, a generator, a PatchGAN, an objective, and two players.
public struct TranslationSettings: Sendable, Equatable {
  /// What the game learns from, and begins with.
  public var input = TranslationInput()
  /// The channels of the generator's outermost maps (`ngf`), 64 in the papers.
  public var baseWidth = 32
  /// The channels of the discriminator's first maps (`ndf`), 64 in the papers.
  public var discriminatorWidth = 32
  /// How often the discriminator halves the sides of its maps: 1 for patches of 16 pixels, 2 for 34, 3 for 70.
  public var discriminatorLayers = 3
  /// How networks normalise their maps.
  public var norm: MapNorm
  /// What each player minimises.
  public var objective: ObjectiveKind
  /// How much of the averaged generator a step keeps, 0 for no average.
  public var averageDecay = 0.0
  /// The size of a step, its arithmetic, and how many steps there are.
  public var training: TrainingSettings
  /// How generators move.
  public var generator: PlayerSettings
  /// How discriminators move.
  public var discriminator: PlayerSettings

  /// How players of these games move: by Adam at a rate that falls to zero in the second half of a run, as in the authors'
  /// PyTorch code.
  static let player: PlayerSettings = {
    var player = PlayerSettings()
    (player.schedule, player.scheduleHold) = (.linear, 0.5)
    return player
  }()

  /// Networks of half the papers' width, in batches of one.
  init(norm: MapNorm, objective: ObjectiveKind, steps: Int) {
    (self.norm, self.objective) = (norm, objective)
    (generator, discriminator) = (Self.player, Self.player)
    training = TrainingSettings(steps: steps)
    training.batch = 1
  }

  /// The settings of the game, in the order in which people are shown them; its players' come last.
  static let settings: [Setting<TranslationSettings>] =
    TranslationInput.settings.map { $0.of(\.input) } + [
      .whole("base_width", \.baseWidth, 1...512),
      .whole("discriminator_width", \.discriminatorWidth, 1...512),
      .whole("discriminator_layers", \.discriminatorLayers, 1...6),
      .choice("norm", \.norm),
      .choice("objective", \.objective),
      .number("average_decay", \.averageDecay, 0...0.9999999),
    ]
}
