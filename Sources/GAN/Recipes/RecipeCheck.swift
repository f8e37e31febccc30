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
    if gradientPenalty > 0 && network == .dcgan {
      throw GANError(
        "gradient_penalty looks at each sample alone, and the batch norm in dcgan's discriminator mixes them "
          + "(Gulrajani et al. 2017, section 4): set network=dcgan-keras or network=mlp")
    }
    if update == .simultaneous && criticSteps > 1 {
      throw GANError("players that move at once move equally often: set critic_steps=1 or update=alternating")
    }
    for (name, player) in [("generator", generator), ("discriminator", discriminator)] {
      if player.nesterov && (player.optimizer != .sgd || player.momentum == 0) {
        throw GANError("\(name).nesterov is a form of momentum: set \(name).optimizer=sgd and \(name).momentum=0.9")
      }
      if player.momentum > 0 && (player.optimizer == .adam || player.optimizer == .adamw) {
        throw GANError("\(name).momentum is for sgd and rmsprop; \(player.optimizer.rawValue) has \(name).beta1 instead")
      }
      if player.schedule == .exponential && player.scheduleEnd == 0 {
        throw GANError("\(name).schedule=exponential needs its factor a step: set \(name).schedule_end=0.9999, say")
      }
      if player.clipNorm > 0 && player.clipValue > 0 {
        throw GANError("\(name).clip_norm and \(name).clip_value both limit gradients: set one of them to 0")
      }
    }
  }
}
