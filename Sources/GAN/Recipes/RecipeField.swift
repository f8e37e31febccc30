/// One setting of a recipe, by name: how `--set key=value`, `recipe.json` and `gan recipes NAME` reach it.
public struct RecipeField: Sendable {
  /// The name, as in "generator.learning_rate".
  public let key: String
  /// What may be given, as in "a whole number from 1".
  public let expectation: String
  /// The value as text.
  public let text: @Sendable (Recipe) -> String
  let parse: @Sendable (inout Recipe, String) -> Bool

  /// Sets the field from text.
  ///
  /// - Throws: ``GANError`` that names the field, the text and what would be right.
  public func set(_ recipe: inout Recipe, _ value: String) throws(GANError) {
    guard parse(&recipe, value) else { throw GANError("\(key) needs \(expectation), got '\(value)'") }
  }

  private init(_ setting: Setting<Recipe>) {
    (key, expectation, text, parse) = (setting.key, setting.expectation, setting.text, setting.parse)
  }

  /// A player's setting, under that player's name.
  private init(
    _ name: String, _ player: WritableKeyPath<Recipe, PlayerSettings> & Sendable, _ of: Setting<PlayerSettings>
  ) {
    key = "\(name).\(of.key)"
    expectation = of.expectation
    text = { of.text($0[keyPath: player]) }
    parse = { of.parse(&$0[keyPath: player], $1) }
  }

  /// All settings, in the order in which people are shown them.
  public static let all: [RecipeField] =
    recipeSettings.map { RecipeField($0) }
    + playerSettings.map { RecipeField("generator", \.generator, $0) }
    + playerSettings.map { RecipeField("discriminator", \.discriminator, $0) }

  // The product of batch, accumulation and critic_steps must remain a whole number.
  private static let sizes = 1...1_000_000
  /// The most steps a setting can name: more than any machine plays.
  static let mostSteps = 1_000_000_000_000

  private static let recipeSettings: [Setting<Recipe>] = [
    .choice("network", \.network),
    .whole("latent_size", \.latentSize, 1...65_536),
    .whole("base_width", \.baseWidth, 1...65_536),
    .truth("attention", \.attention),
    .number("dropout", \.dropout, 0...0.99),
    .choice("discriminator_norm", \.discriminatorNorm, none: "auto"),
    .truth("minibatch_deviation", \.minibatchDeviation),
    .whole("packing", \.packing, 1...64),
    .choice("condition_generator", \.conditionGenerator),
    .choice("condition_discriminator", \.conditionDiscriminator),
    .number("auxiliary_weight", \.auxiliaryWeight),
    .choice("objective", \.objective),
    .number("label_smoothing", \.labelSmoothing, 0...0.5),
    .number("r1", \.penalties.r1),
    .number("r2", \.penalties.r2),
    .number("gradient_penalty", \.penalties.gradientPenalty),
    .number("dragan", \.penalties.dragan),
    .number("consistency_real", \.penalties.consistencyReal),
    .number("consistency_fake", \.penalties.consistencyFake),
    .number("lecam", \.penalties.leCam),
    .whole("penalty_interval", \.penalties.interval, sizes),
    .number("weight_clip", \.penalties.weightClip),
    .number("top_k", \.topK, 0.01...1),
    .whole("top_k_steps", \.topKSteps, 1...mostSteps),
    .number("feature_matching", \.featureMatching),
    .choices("augment", \.augment),
    .number("instance_noise", \.instanceNoise),
    .whole("instance_noise_steps", \.instanceNoiseSteps, 0...mostSteps),
    .choice("update", \.update),
    .whole("critic_steps", \.criticSteps, sizes),
    .whole("batch", \.batch, sizes),
    .whole("accumulation", \.accumulation, sizes),
    .choice("precision", \.precision),
    .number("average_decay", \.averageDecay, 0...0.9999999),
    .truth("average_warm_up", \.averageWarmUp),
    .whole("steps", \.steps, 1...mostSteps),
  ]

  private static let playerSettings: [Setting<PlayerSettings>] = [
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
    .whole("schedule_steps", \.scheduleSteps, 1...mostSteps),
    .number("schedule_end", \.scheduleEnd, 0...1),
    .whole("warm_up_steps", \.warmUpSteps, 0...mostSteps),
  ]
}

extension Recipe {
  /// Sets the field called `key` from text.
  ///
  /// - Throws: ``GANError`` that names the nearest key, or what the field takes.
  public mutating func set(_ key: String, _ value: String) throws(GANError) {
    guard let field = RecipeField.all.first(where: { $0.key == key }) else {
      let keys = RecipeField.all.map(\.key)
      let near = nearest(to: key, among: keys + keys.compactMap { $0.split(separator: ".").last.map(String.init) })
      let meant = near.map { near in keys.filter { $0 == near || $0.hasSuffix("." + near) } } ?? []
      let hint = meant.isEmpty ? ";" : "; did you mean \(meant.joined(separator: " or "))?"
      throw GANError(
        "a recipe has no setting '\(key)'\(hint) 'gan recipes \(name == AutoRecipe.name ? "dcgan" : name)' shows all")
    }
    try field.set(&self, value)
  }
}
