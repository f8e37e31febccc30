extension Recipe {
  /// Throws when settings contradict each other, with the sentence that says which and why.
  public func validate() throws(GANError) {
    if objective == .wasserstein && gradientPenalty == 0 && weightClip == 0 {
      throw GANError(
        "the Wasserstein objective needs a Lipschitz critic: set weight_clip=0.01 (WGAN) or gradient_penalty=10 (WGAN-GP)"
      )
    }
    if gradientPenalty > 0 && weightClip > 0 {
      throw GANError("gradient_penalty and weight_clip both keep the critic Lipschitz: set one of them to 0")
    }
    if gradientPenalty > 0 && network.mixesSamples {
      throw GANError(
        "gradient_penalty looks at each sample alone, and the batch norm in \(network.rawValue)'s discriminator mixes "
          + "them (Gulrajani et al. 2017, section 4): set network=dcgan-keras or network=mlp")
    }
    if update == .oneStage && network.mixesSamples {
      throw GANError(
        "update=one-stage takes the gradient of each sample alone, and the batch norm in \(network.rawValue)'s "
          + "discriminator mixes them: set update=simultaneous, or network=dcgan-keras or network=mlp")
    }
    if update == .oneStage && !(objective.objective is any OneStageObjective) {
      throw GANError(
        "update=one-stage makes G's gradient of D's, and \(objective.rawValue) gives D none where G has one: set "
          + "update=simultaneous, or an objective of minimax, non-saturating, least-squares and wasserstein")
    }
    if update != .alternating && criticSteps > 1 {
      throw GANError("players that move at once move equally often: set critic_steps=1 or update=alternating")
    }
    for (name, player) in [("generator", generator), ("discriminator", discriminator)] {
      if player.nesterov && (player.optimizer != .sgd || player.momentum == 0) {
        throw GANError("\(name).nesterov is a form of momentum: set \(name).optimizer=sgd and \(name).momentum=0.9")
      }
      if player.momentum > 0 && (player.optimizer == .adam || player.optimizer == .adamw) {
        throw GANError(
          "\(name).momentum is for sgd and rmsprop; \(player.optimizer.rawValue) has \(name).beta1 instead")
      }
      if player.schedule == .exponential && player.scheduleEnd == 0 {
        throw GANError("\(name).schedule=exponential needs its factor a step: set \(name).schedule_end=0.9999, say")
      }
      if player.clipNorm > 0 && player.clipValue > 0 {
        throw GANError("\(name).clip_norm and \(name).clip_value both limit gradients: set one of them to 0")
      }
    }
  }

  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  public func useOfUnreadSetting(_ key: String) -> String? {
    switch key {
    case "dropout": return network == .dcganKeras ? nil : "network=dcgan-keras"
    case "average_warm_up": return averageDecay > 0 ? nil : "an average_decay above 0"
    default: break
    }
    let parts = key.split(separator: ".")
    guard parts.count == 2 else { return nil }
    let player = parts[0] == "generator" ? generator : discriminator
    func optimizers(_ kinds: OptimizerKind...) -> String? {
      kinds.contains(player.optimizer)
        ? nil : "\(parts[0]).optimizer=" + kinds.map(\.rawValue).joined(separator: " or ")
    }
    switch parts[1] {
    case "beta1", "beta2": return optimizers(.adam, .adamw)
    case "epsilon": return optimizers(.adam, .adamw, .rmsprop)
    case "alpha": return optimizers(.rmsprop)
    case "schedule_steps":
      return [.linear, .cosine].contains(player.schedule) ? nil : "\(parts[0]).schedule=linear or cosine"
    case "schedule_end":
      return player.schedule == .constant ? "\(parts[0]).schedule=linear, cosine or exponential" : nil
    default: return nil
    }
  }
}
