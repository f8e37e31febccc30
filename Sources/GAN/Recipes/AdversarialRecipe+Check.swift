extension AdversarialRecipe {
  /// Checks that every setting is in its range and that no two contradict each other.
  ///
  /// - Throws: ``TrainingError`` that names the settings and says why.
  public func validate() throws(TrainingError) {
    try validateForGeneration()
    try validateBatch()
  }

  /// Checks all but the batch, which generation may choose freely.
  package func validateForGeneration() throws(TrainingError) {
    try validateRanges()
    try validatePenalties()
    try validateNetworks()
    try validateConditioning()
    try validateObjective()
    try validateUpdate()
    try validatePlayers()
  }

  /// What the setting `key` is for, if nothing in this recipe reads it; `nil` if something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    switch key {
    case "mapping_layers": return network.architecture.hasStyles ? nil : "network=stylegan2"
    case "path_length_interval": return pathLength > 0 ? nil : "a path_length above 0"
    case "dropout":
      if opponent.hasDropout { return nil }
      return network.architecture.discriminator.hasDropout ? "projected=false" : "network=dcgan-keras"
    case "feature_network":
      if startFrom != nil { return "runs that begin with drawn weights" }
      return projected ? nil : "projected=true"
    case "groups": return isConditional || groups == 0 ? nil : "auto and conditional recipes, such as cdcgan"
    case "auxiliary_weight":
      return conditionDiscriminator == .auxiliary ? nil : "condition_discriminator=auxiliary"
    case "top_k_steps": return topK < 1 ? nil : "a top_k below 1"
    case "augment_probability", "augment_target": return augment.isEmpty ? "an augment other than none" : nil
    case "frozen_layers":
      return startFrom == nil ? "runs that begin with another one's weights (--start-from RUN)" : nil
    case "augment_steps": return augmentTarget > 0 ? nil : "an augment_target above 0"
    case "instance_noise_steps": return instanceNoise > 0 ? nil : "an instance_noise above 0"
    case "penalty_interval":
      return penalties.isLazy
        ? nil : "one of r1, r2, gradient_penalty, dragan, consistency_real and consistency_fake above 0"
    case "average_warm_up", "averages": return averageDecay > 0 ? nil : "an average_decay above 0"
    default: break
    }
    let parts = key.split(separator: ".")
    guard parts.count == 2 else { return nil }
    let player = parts[0] == "generator" ? generator : discriminator
    return player.useOfUnreadSetting(String(parts[1]), String(parts[0]))
  }
}
