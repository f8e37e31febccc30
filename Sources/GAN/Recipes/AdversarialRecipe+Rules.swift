// What cannot be combined in a recipe, and why.
extension AdversarialRecipe {
  func validatePenalties() throws(TrainingError) {
    if objective == .wasserstein && !penalties.limitsSlopes && penalties.weightClip == 0 && !hasSpectralNormAlone {
      throw TrainingError(
        "the Wasserstein objective needs a Lipschitz critic: set weight_clip=0.01 (WGAN) or gradient_penalty=10 (WGAN-GP)"
      )
    }
    let towardOne = [("gradient_penalty", penalties.gradientPenalty), ("dragan", penalties.dragan)].filter { $0.1 > 0 }
    let towardZero = [("r1", penalties.r1), ("r2", penalties.r2)].filter { $0.1 > 0 }
    if let slope = (towardOne + towardZero).first?.0 {
      if penalties.weightClip > 0 {
        throw TrainingError("\(slope) and weight_clip both keep the critic Lipschitz: set one of them to 0")
      }
      if opponent.mixing.contains(norm) {
        throw TrainingError(
          "\(slope) needs the slope at each single sample, but the batch norm in \(opponent.title) mixes samples "
            + "(Gulrajani et al. 2017, section 4): set \(otherNorms(judgingSingly: true))")
      }
    }
    if towardOne.count == 2 {
      throw TrainingError(
        "gradient_penalty and dragan both pull D's slope to 1, at different points: set one of them to 0")
    }
    if let one = towardOne.first?.0, let zero = towardZero.first?.0 {
      throw TrainingError("\(one) pulls D's slope to 1, \(zero) to 0: set one of them to 0")
    }
    if penalties.weightClip > 0 && norm == .spectral {
      throw TrainingError(
        "weight_clip and spectral norm both keep the critic Lipschitz: set weight_clip=0 or \(otherNorms())")
    }
    if penalties.leCam > 0 && objective.isRelativistic {
      throw TrainingError(
        "lecam compares scores with their running means, but with objective=\(objective.rawValue) only differences of "
          + "scores have a meaning: set lecam=0")
    }
  }

  func validateNetworks() throws(TrainingError) {
    guard opponent.norms.contains(norm) else {
      throw TrainingError("\(opponent.title) has no discriminator_norm=\(norm.rawValue): set \(otherNorms())")
    }
    if attention && !network.architecture.hasAttention {
      throw TrainingError("\(network.rawValue) has no attention: set attention=false or network=resnet")
    }
    if !network.architecture.hasStyles {
      for (key, isSet) in [("style_mixing", styleMixing > 0), ("path_length", pathLength > 0)] where isSet {
        throw TrainingError("\(network.rawValue) has no styles: set \(key)=0 or network=stylegan2")
      }
    }
    if projected && packing > 1 {
      throw TrainingError(
        "packing=\(packing) makes channels of images, and the network of features of a projected discriminator takes those of one "
          + "image: set packing=1 or projected=false")
    }
    if projected && conditionDiscriminator == .concatenation {
      throw TrainingError(
        "condition_discriminator=concatenation makes channels of classes, and the network of features of a projected discriminator "
          + "takes those of an image: set condition_discriminator=projection")
    }
    if projected && frozenLayers > 0 {
      throw TrainingError("the network of features of a projected discriminator stays as it is: set frozen_layers=0")
    }
    if reconstruction > 0 && !opponent.reconstructs {
      throw TrainingError(
        "\(opponent.title) reconstructs nothing: set reconstruction=0, or \(projected ? "projected=false" : "network=fastgan")"
      )
    }
    if extraLayers > 0 && !opponent.hasExtraLayers {
      throw TrainingError(
        "\(opponent.title) has no extra_layers: set extra_layers=0, or \(projected ? "projected=false" : "network=dcgan")"
      )
    }
    if minibatchDeviation && !opponent.hasMinibatchDeviation {
      throw TrainingError("\(opponent.title) has no minibatch_deviation: set it to false")
    }
  }

  func validateBatch() throws(TrainingError) {
    if network.architecture.normalizesNumbers && batch == 1 {
      throw TrainingError(
        "dcgan-keras has a batch norm over single numbers, which needs more than one picture: set batch to 2 or more")
    }
    if minibatchDeviation && !(2...4).contains(where: { batch / packing % $0 == 0 }) {
      throw TrainingError(
        "minibatch_deviation compares groups of two to four images, and batch=\(batch) with packing=\(packing) cannot be "
          + "divided into such groups: set batch=64, for example")
    }
    if batch % packing != 0 {
      throw TrainingError("packing=\(packing) must divide batch=\(batch): D judges that many images together")
    }
  }

  func validateConditioning() throws(TrainingError) {
    if packing > 1 && (conditionGenerator != .none || conditionDiscriminator != .none) {
      throw TrainingError(
        "the images of a pack have different classes: set packing=1, or condition_generator and condition_discriminator to none"
      )
    }
    if (conditionGenerator == .none) != (conditionDiscriminator == .none) {
      throw TrainingError(
        "either both players are conditional on class labels or neither: set condition_generator and "
          + "condition_discriminator together")
    }
    if conditionDiscriminator == .auxiliary && auxiliaryWeight == 0 {
      throw TrainingError(
        "condition_discriminator=auxiliary with auxiliary_weight=0 teaches G no class: set auxiliary_weight=1, for example"
      )
    }
    if conditionGenerator != .none && !network.conditionings.contains(conditionGenerator) {
      let others = NetworkKind.allCases.filter { $0.conditionings.contains(conditionGenerator) }
      throw TrainingError(
        "\(network.rawValue) does not take class labels by \(conditionGenerator.rawValue): set "
          + "condition_generator=\(network.conditionings.map(\.rawValue).joined(separator: " or ")), or "
          + "network=\(others.map(\.rawValue).joined(separator: " or "))")
    }
  }

  func validateObjective() throws(TrainingError) {
    if labelSmoothing > 0 && !objective.hasLabels {
      throw TrainingError(
        "label_smoothing lowers the target of real images, and objective=\(objective.rawValue) has none: set "
          + "label_smoothing=0, or objective to minimax, non-saturating or least-squares")
    }
    if topK < 1 && objective.isRelativistic {
      throw TrainingError(
        "top_k selects generated images by their scores, but objective=\(objective.rawValue) pairs each with a real one: "
          + "set top_k=1")
    }
  }

  func validateUpdate() throws(TrainingError) {
    if update != .alternating && criticSteps > 1 {
      throw TrainingError("players that update together update equally often: set critic_steps=1 or update=alternating")
    }
    guard update == .oneStage else { return }
    if opponent.mixing.contains(norm) {
      throw TrainingError(
        "update=one-stage needs the gradient of each single sample, but the batch norm in \(opponent.title) "
          + "mixes samples: set update=simultaneous, or \(otherNorms(judgingSingly: true))")
    }
    if opponent.scoresParts {
      throw TrainingError(
        "update=one-stage needs one score of each image, and \(opponent.title) scores parts of it: set update=simultaneous"
      )
    }
    if !(objective.objective is any AbsoluteObjective) {
      throw TrainingError(
        "update=one-stage derives G's gradient from D's, which objective=\(objective.rawValue) does not allow: set "
          + "update=simultaneous, or objective to minimax, non-saturating, least-squares, wasserstein or hinge")
    }
    let others = [
      ("minibatch_deviation", minibatchDeviation), ("packing", packing > 1), ("r2", penalties.r2 > 0),
      ("consistency_fake", penalties.consistencyFake > 0), ("lecam", penalties.leCam > 0), ("top_k", topK < 1),
      ("feature_matching", featureMatching > 0),
      ("condition_discriminator=auxiliary", conditionDiscriminator == .auxiliary),
    ]
    if let key = others.first(where: \.1)?.0 {
      throw TrainingError(
        "update=one-stage derives G's gradient from D's, sample by sample, but \(key) gives one player a gradient of its own: "
          + "set update=simultaneous")
    }
  }

  func validatePlayers() throws(TrainingError) {
    if averages > 1, let shortest = averageDecays.min(), shortest <= 0 {
      throw TrainingError(
        "averages=\(averages) has horizons of less than a step with average_decay=\(averageDecay): set fewer averages, or a greater "
          + "average_decay")
    }
    try generator.validate("generator")
    try discriminator.validate("discriminator")
  }

  /// The other norms that the discriminator can have, as `--set` takes them.
  ///
  /// - Parameter judgingSingly: whether only those with which it judges each image by itself will do.
  private func otherNorms(judgingSingly: Bool = false) -> String {
    let fitting = opponent.norms.filter { $0 != norm && !(judgingSingly && opponent.mixing.contains($0)) }
    let others = fitting.map { "discriminator_norm=\($0.rawValue)" }
    return others.isEmpty ? "another network" : others.joined(separator: " or ")
  }

  /// Whether spectral norm bounds D's slopes: no other norm undoes it.
  private var hasSpectralNormAlone: Bool { norm == .spectral && !opponent.mixing.contains(norm) }
}

// What depends on the data.
extension AdversarialRecipe {
  /// - Throws: ``TrainingError`` if the recipe cannot be trained on these data: too small for its augmentation, or no classes.
  public func validate(for data: Dataset) throws(TrainingError) {
    try validate(data.shape)
    do {
      _ = try start(for: data.shape)
    } catch {
      throw TrainingError("\(error)")
    }
    if let featureNetwork, projected {
      do {
        try FeatureNetwork.check(featureNetwork, for: data)
      } catch {
        throw TrainingError("feature_network: \(error)")
      }
    }
    if isConditional && groups == 0 { _ = try classTable(of: data) }
    if isConditional && groups > 0 { try FoundGroups.check(data, count: groups) }
  }

  /// - Throws: ``TrainingError`` if the recipe cannot be trained on samples of this shape.
  func validate(_ shape: SampleShape) throws(TrainingError) {
    if augment.contains(.rotation) && shape.height != shape.width {
      throw TrainingError("augment=rotation turns square pictures, and these have \(shape.sizeText): leave it out")
    }
    guard min(shape.height, shape.width) < 4 else { return }
    if !augment.isEmpty {
      throw TrainingError(
        "augment needs pictures of 4x4 pixels or more, and these samples are \(shape): set augment=none")
    }
    if penalties.consistencyReal > 0 || penalties.consistencyFake > 0 {
      throw TrainingError(
        "consistency_real and consistency_fake shift pictures of 4x4 pixels or more, and these samples are \(shape): set "
          + "both to 0")
    }
  }
}
