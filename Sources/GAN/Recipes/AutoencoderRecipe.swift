/// The settings of the variational autoencoder.
public struct AutoencoderRecipe: Recipe {
  /// What `recipe.json` calls the game.
  public static let game = "autoencoder"

  /// What people call it.
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// What encoder and decoder are made of.
  public var network = AutoencoderDescription.Network.convolutional
  /// The number of latents of an image.
  public var latentSize = 16
  /// The number of features from which the networks' widths follow.
  public var baseWidth = 32
  /// The weight of the divergence from the prior: 1 for the bound itself, more for latents that tell less and are
  /// closer to the prior (β-VAE, Higgins et al. 2017, eq. 4).
  public var beta = 1.0
  /// The size of a step, its arithmetic, and how many steps there are.
  public var training: TrainingSettings
  /// How encoder and decoder move.
  public var autoencoder = PlayerSettings()
  /// How much of the averaged network a step keeps, 0 for no average.
  public var averageDecay = 0.999
  /// Whether the average starts with a short memory: step t keeps at most (1 + t) / (10 + t).
  public var averageWarmUp = true

  /// The default settings, for a run of `steps` steps.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    training = TrainingSettings(steps: steps)
    training.batch = 128
    // No other player answers its moves: Adam as usual, with a long memory of gradients.
    (autoencoder.learningRate, autoencoder.beta1) = (1e-3, 0.9)
    fit(toSteps: steps)
  }

  /// The recipe called `name`, or one with default settings where there is none of that name.
  public init(recorded name: String) {
    self = name == Self.vae.name ? .vae : AutoencoderRecipe(name, purpose: "", steps: 1)
  }

  /// The variational autoencoder with convolutions.
  public static var vae: AutoencoderRecipe {
    var recipe = AutoencoderRecipe(
      "vae",
      purpose:
        "variational autoencoder after Kingma and Welling 2014: no discriminator, smooth pictures, sides as dcgan's",
      steps: 10_000)
    // Latents that tell less of an image lie where the prior has them, from which it is drawn: FID of digits after 2,500
    // steps was 29 with 3, 11 with 10 and 5 with 25.
    recipe.beta = 25
    return recipe
  }

  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<AutoencoderRecipe>] =
    [
      .choice("network", \.network),
      .whole("latent_size", \.latentSize, 1...65_536),
      .whole("base_width", \.baseWidth, 1...65_536),
      .number("beta", \.beta),
      .number("average_decay", \.averageDecay, 0...0.9999999),
      .truth("average_warm_up", \.averageWarmUp),
    ] + TrainingSettings.settings.map { $0.of(\.training) }
    + PlayerSettings.settings.map { $0.of(\.autoencoder, prefix: "autoencoder") }

  /// Throws when a setting lies outside its range, or settings contradict each other.
  public func validate() throws(TrainingError) {
    try validateRanges()
    try autoencoder.validate("autoencoder")
  }

  /// Throws when the network cannot draw such samples, or would not fit into memory.
  public func validate(for data: Dataset) throws(TrainingError) { try description(data.shape, data.kind).validate() }

  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    if key == "average_warm_up" { return averageDecay > 0 ? nil : "an average_decay above 0" }
    let parts = key.split(separator: ".").map(String.init)
    return parts.count == 2 ? autoencoder.useOfUnreadSetting(parts[1], parts[0]) : nil
  }

  /// A schedule ends with the run.
  public mutating func fit(toSteps steps: Int) {
    autoencoder.fit(toSteps: min(max(steps, 1), Setting<Self>.mostSteps))
  }

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    try Autoencoder(self, shape: data.shape, of: data.kind, seed: seed, device: device)
  }

  /// What its network is built with.
  func description(_ shape: SampleShape, _ samples: ColumnFormat.Kind) -> AutoencoderDescription {
    var description = AutoencoderDescription(network, latentSize: latentSize, shape: shape, baseWidth: baseWidth)
    description.samples = samples
    return description
  }
}
