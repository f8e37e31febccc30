// What a game is made of by a recipe.
extension AdversarialRecipe {
  /// What each player minimises, by all settings that matter to it.
  package var gameObjective: any Objective { objective.objective(smoothing: objective.hasLabels ? labelSmoothing : 0) }

  /// Whether G's loss asks what D says of real images.
  package var generatorSeesReal: Bool { featureMatching > 0 || objective.isRelativistic }

  /// Whether a generated image is of the class of the real one it meets: in the pairs of a relativistic game, and at the ends
  /// of the line on which ``GradientPenalty`` looks for slopes.
  package var pairsClasses: Bool { objective.isRelativistic || penalties.gradientPenalty > 0 }

  /// Whether the players take account of classes.
  public var isConditional: Bool { conditionGenerator != .none }

  /// How D's layers are normalised.
  package var norm: DiscriminatorNorm { discriminatorNorm ?? network.usualNorm }

  /// The classes of `data`, on which the players are conditional.
  ///
  /// - Throws: ``TrainingError`` where the data have none.
  func classTable(of data: Dataset) throws(TrainingError) -> ClassTable {
    do {
      return try ClassTable(data)
    } catch {
      throw TrainingError(
        "\(error), or set condition_generator=none and condition_discriminator=none")
    }
  }

  /// What its networks are built with.
  ///
  /// - Parameter classes: needed where the recipe is conditional.
  package func networkDescription(shape: SampleShape, classes: ClassTable? = nil) throws(TrainingError)
    -> NetworkDescription
  {
    var description = NetworkDescription(network, latentSize: latentSize, shape: shape, baseWidth: baseWidth)
    description.attention = attention
    guard isConditional else { return description }
    guard let classes else {
      throw TrainingError("condition_generator=\(conditionGenerator.rawValue) needs data with classes")
    }
    description.classTable = classes
    description.conditioning = conditionGenerator
    return description
  }

  /// What its discriminator is built with besides.
  package var discriminatorSettings: DiscriminatorSettings {
    var settings = DiscriminatorSettings()
    settings.dropout = dropout
    settings.norm = norm
    settings.minibatchDeviation = minibatchDeviation
    settings.packing = packing
    settings.conditioning = conditionDiscriminator
    return settings
  }
}
