// What a recipe makes of its settings.
extension AdversarialRecipe {
  /// What each player minimises, with all settings that affect it.
  package var gameObjective: any Objective { objective.objective(smoothing: objective.hasLabels ? labelSmoothing : 0) }

  /// The decays of the averaged generators, the first of which is shipped where none is chosen; none without an average.
  var averageDecays: [Double] {
    guard averageDecay > 0 else { return [] }
    let horizon = 1 / (1 - averageDecay)
    return (0..<averages).map { number in
      // 1, 1/4, 4, 1/16, 16.
      let factor = Double(1 << (2 * ((number + 1) / 2)))
      if number == 0 { return averageDecay }
      return number.isMultiple(of: 2) ? 1 - 1 / (horizon * factor) : max(1 - factor / horizon, 0)
    }
  }

  /// Whether G's loss uses D's scores of real images.
  package var generatorSeesReal: Bool { featureMatching > 0 || objective.isRelativistic }

  /// Whether each generated image has the class of the real image it is paired with: in relativistic games, and at the two ends
  /// of the lines on which ``GradientPenalty`` takes slopes.
  package var pairsClasses: Bool { objective.isRelativistic || penalties.gradientPenalty > 0 }

  /// Whether the players are conditional on classes: on labels, or on ``groups``.
  public var isConditional: Bool { conditionGenerator != .none }

  /// How D's layers are normalised.
  package var norm: DiscriminatorNorm { discriminatorNorm ?? opponent.usualNorm }

  /// The discriminator that stands beside the generator.
  var opponent: DiscriminatorArchitecture { discriminatorSettings.architecture(beside: network) }

  /// The classes that the players are conditional on.
  ///
  /// - Throws: ``TrainingError`` if the data have none.
  func classTable(of data: Dataset) throws(TrainingError) -> ClassTable {
    do {
      return groups > 0 ? try ClassTable(found: FoundGroups.column, in: data) : try ClassTable(data)
    } catch {
      guard groups == 0 else { throw TrainingError("\(error); call Recipe.prepared first, which finds the groups") }
      let other = data.kind == .pictures ? ", or find groups of similar pictures with groups=20" : ""
      throw TrainingError("\(error)\(other), or set condition_generator=none and condition_discriminator=none")
    }
  }

  /// What its networks are built from.
  ///
  /// - Parameter classes: required if the recipe is conditional.
  package func networkDescription(shape: SampleShape, classes: ClassTable? = nil) throws(TrainingError)
    -> NetworkDescription
  {
    var description = NetworkDescription(network, latentSize: latentSize, shape: shape, baseWidth: baseWidth)
    description.attention = attention
    if network.architecture.hasStyles {
      (description.mappingLayers, description.styleMixing) = (mappingLayers, styleMixing)
    }
    guard isConditional else { return description }
    guard let classes else {
      throw TrainingError("condition_generator=\(conditionGenerator.rawValue) needs data with classes")
    }
    description.classTable = classes
    description.conditioning = conditionGenerator
    return description
  }

  /// The further settings of its discriminator.
  package var discriminatorSettings: DiscriminatorSettings {
    var settings = DiscriminatorSettings()
    settings.dropout = dropout
    settings.norm = discriminatorNorm
    settings.minibatchDeviation = minibatchDeviation
    settings.extraLayers = extraLayers
    settings.projected = projected
    settings.packing = packing
    settings.conditioning = conditionDiscriminator
    return settings
  }
}
