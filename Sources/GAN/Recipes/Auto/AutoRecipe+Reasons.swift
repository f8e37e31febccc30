// What was chosen and why, from the recipe as it became.
extension AutoRecipe {
  /// - Parameters:
  ///   - pace: the seconds of a step on this machine, where steps follow from minutes.
  ///   - hasClasses: whether there are classes that could be told.
  static func reasons(_ recipe: AdversarialRecipe, _ data: Dataset, _ limits: Limits, pace: Double?, hasClasses: Bool)
    -> [String]
  {
    [
      network(recipe, data, limits), game(recipe), classes(recipe, hasClasses), augmentation(recipe, data),
      precision(recipe),
      length(recipe, limits, pace),
      rates(recipe),
    ].compactMap { $0 }
  }

  private static func network(_ recipe: AdversarialRecipe, _ data: Dataset, _ limits: Limits) -> String {
    let sizes = "\(recipe.network.rawValue), base width \(recipe.baseWidth), batch \(recipe.batch)"
    guard recipe.network == game(for: data, limits).network else {
      return "\(sizes), as you wish, and the game of \(recipe.network.ownRecipe.name)"
    }
    switch (data.kind, recipe.network) {
    case (.points, _): return "\(sizes): small networks do for points of the plane"
    case (_, .mlp):
      return
        "\(sizes): convolutions draw sides of k·2ⁿ pixels, k from 3 to 7, not \(data.shape.sizeText); --size can help"
    default:
      let usual = game(for: data, limits).baseWidth
      let width =
        recipe.baseWidth != usual
        ? "; the width is your wish"
        : usual < 64 ? ", and narrow ones take more steps in a short time or on large pictures" : ""
      return "\(sizes): of the convolutional networks here the quickest a step\(width)"
    }
  }

  private static func game(_ recipe: AdversarialRecipe) -> String {
    var terms = "objective \(recipe.objective.rawValue)"
    if recipe.penalties.r1 > 0 { terms += ", r1 \(recipe.penalties.r1.shown)" }
    if recipe.penalties.r2 > 0 { terms += ", r2 \(recipe.penalties.r2.shown)" }
    if recipe.penalties.isLazy && recipe.penalties.interval > 1 {
      terms += " (at one in \(recipe.penalties.interval) of D's moves)"
    }
    if recipe.objective == .relativisticPairing {
      terms += ": each real picture is held against a generated one, against leaving modes out"
    }
    return terms
  }

  private static func classes(_ recipe: AdversarialRecipe, _ hasClasses: Bool) -> String? {
    if recipe.isConditional {
      return
        "classes: told to G by \(recipe.conditionGenerator.rawValue) and to D by \(recipe.conditionDiscriminator.rawValue), "
        + "so that 'gan sample --class' draws the one you ask for (--set condition_generator=none keeps them back)"
    }
    guard hasClasses else { return nil }
    return "classes: kept back, " + (recipe.packing > 1 ? "since a pack has many" : "as you wish")
  }

  private static func augmentation(_ recipe: AdversarialRecipe, _ data: Dataset) -> String? {
    guard data.kind == .pictures else { return nil }
    guard !recipe.augment.isEmpty else {
      return data.count < few ? "no augmentation, as you wish, though \(data.count) pictures are few" : nil
    }
    let kinds = recipe.augment.map(\.rawValue).joined(separator: ",")
    guard data.count < few else { return "augment \(kinds): as you wish" }
    let flip = recipe.augment.contains(.flip) ? "" : "; add flip where left and right are alike"
    return "augment \(kinds): D would learn \(data.count) pictures by heart\(flip)"
  }

  private static func precision(_ recipe: AdversarialRecipe) -> String {
    switch recipe.precision {
    case .bfloat16: "precision bfloat16: this processor multiplies such numbers faster"
    case .float32, .auto:
      Precision.auto.settled == .float32
        ? "precision float32: this processor has no instructions for bfloat16"
        : "precision float32: as you wish, or since coordinates must be exact"
    }
  }

  private static func length(_ recipe: AdversarialRecipe, _ limits: Limits, _ pace: Double?) -> String {
    guard let minutes = limits.minutes, let pace else { return "\(recipe.steps) steps, as you wish" }
    return
      "\(recipe.steps) steps: one takes \((pace * 1000).shown) ms here, and there are \(minutes.shown) minutes, which "
      + "end the run first on a busier machine"
  }

  private static func rates(_ recipe: AdversarialRecipe) -> String {
    let end =
      recipe.generator.schedule == .constant ? "" : ", falling by \(recipe.generator.schedule.rawValue) schedule"
    let limit = recipe.discriminator.clipNorm
    let clipped = limit > 0 ? ", D's gradient at a norm of \(limit.shown) at most" : ""
    let (own, other) = (recipe.generator.learningRate, recipe.discriminator.learningRate)
    let rate = "learning rate \(own.shown)\(own == other ? "" : ", D's \(other.shown)")\(end)\(clipped)"
    guard recipe.averageDecay > 0 else { return "\(rate); no average of the generator" }
    return "\(rate); the generator is averaged over about \(Int((1 / (1 - recipe.averageDecay)).rounded())) steps"
  }
}
