extension AdversarialRecipe {
  /// All settings, in the order in which they are listed.
  public static let settings: [Setting<AdversarialRecipe>] =
    own + TrainingSettings.settings.map { $0.of(\.training) }
    + PlayerSettings.settings.map { $0.of(\.generator, prefix: "generator") }
    + PlayerSettings.settings.map { $0.of(\.discriminator, prefix: "discriminator") }

  private static let own: [Setting<AdversarialRecipe>] = [
    .choice("network", \.network),
    .whole("latent_size", \.latentSize, 1...65_536),
    .whole("base_width", \.baseWidth, 1...65_536),
    .truth("attention", \.attention),
    .whole("mapping_layers", \.mappingLayers, 1...16),
    .number("style_mixing", \.styleMixing, 0...1),
    .number("dropout", \.dropout, 0...0.99),
    .choice("discriminator_norm", \.discriminatorNorm, none: "auto"),
    .truth("minibatch_deviation", \.minibatchDeviation),
    .whole("extra_layers", \.extraLayers, 0...8),
    .truth("projected", \.projected),
    .path(
      "feature_network", \.featureNetwork, "encoder, the file of an encoder or a classifier",
      or: [encoderOfData]),
    .whole("packing", \.packing, 1...64),
    .choice("condition_generator", \.conditionGenerator),
    .choice("condition_discriminator", \.conditionDiscriminator),
    .whole("groups", \.groups, 0...1_000),
    .number("auxiliary_weight", \.auxiliaryWeight),
    .path("start_from", \.startFrom, "the folder of a run"),
    .whole("frozen_layers", \.frozenLayers, 0...64),
    .choice("objective", \.objective),
    .number("label_smoothing", \.labelSmoothing, 0...0.5),
    .number("r1", \.penalties.r1),
    .number("r2", \.penalties.r2),
    .number("gradient_penalty", \.penalties.gradientPenalty),
    .number("dragan", \.penalties.dragan),
    .number("consistency_real", \.penalties.consistencyReal),
    .number("consistency_fake", \.penalties.consistencyFake),
    .number("lecam", \.penalties.leCam),
    .whole("penalty_interval", \.penalties.interval, Setting<Self>.sizes),
    .number("weight_clip", \.penalties.weightClip),
    .number("top_k", \.topK, 0.01...1),
    .whole("top_k_steps", \.topKSteps, 1...Setting<Self>.mostSteps),
    .number("feature_matching", \.featureMatching),
    .number("reconstruction", \.reconstruction),
    .number("path_length", \.pathLength),
    .whole("path_length_interval", \.pathLengthInterval, Setting<Self>.sizes),
    .choices("augment", \.augment),
    .number("augment_probability", \.augmentProbability, 0...1),
    .number("augment_target", \.augmentTarget, 0...0.99),
    .whole("augment_steps", \.augmentSteps, 1...Setting<Self>.mostSteps),
    .number("instance_noise", \.instanceNoise),
    .whole("instance_noise_steps", \.instanceNoiseSteps, 0...Setting<Self>.mostSteps),
    .choice("update", \.update),
    .whole("critic_steps", \.criticSteps, Setting<Self>.sizes),
    .number("average_decay", \.averageDecay, 0...0.9999999),
    .whole("averages", \.averages, 1...5),
    .truth("average_warm_up", \.averageWarmUp),
  ]
}
