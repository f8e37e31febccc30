// What was chosen and why, read from the final recipe.
extension AutoRecipe {
  /// What each step depends on.
  ///
  /// - Parameter hasClasses: whether the data have classes to be conditional on.
  static func choices(_ recipe: AdversarialRecipe, _ data: Dataset, _ limits: Limits, hasClasses: Bool) -> [String] {
    [
      network(recipe, data, limits), start(recipe, data), game(recipe), classes(recipe, data, hasClasses),
      augmentation(recipe, data),
      precision(recipe),
    ].compactMap { $0 }
  }

  /// The number of steps, and what is fitted to it.
  ///
  /// - Parameter pace: seconds per step on this machine, if the number of steps follows from minutes.
  static func fits(_ recipe: AdversarialRecipe, _ limits: Limits, pace: Double?) -> [String] {
    [length(recipe, limits, pace), rates(recipe)]
  }

  private static func network(_ recipe: AdversarialRecipe, _ data: Dataset, _ limits: Limits) -> String {
    let sizes = "\(recipe.network.rawValue), base width \(recipe.baseWidth), batch \(recipe.batch)"
    if recipe.startFrom != nil { return "\(sizes): the networks of the run whose weights it begins with" }
    guard recipe.network == game(for: data, limits).network else {
      return "\(sizes): the network you asked for, with the game of \(recipe.network.ownRecipe.name)"
    }
    switch (data.kind, recipe.network) {
    case (.points, _): return "\(sizes): small networks are enough for points in the plane"
    case (_, .mlp):
      return
        "\(sizes): convolutional networks need sides of k·2ⁿ pixels, k from 3 to 7, not \(data.shape.sizeText); --size can help"
    default:
      let usual = game(for: data, limits).baseWidth
      let width =
        recipe.baseWidth != usual
        ? "; the width is the one you asked for"
        : usual < 64 ? "; narrow, for more steps in a short run or on large pictures" : ""
      return "\(sizes): the convolutional network with the fastest step\(width)"
    }
  }

  private static func start(_ recipe: AdversarialRecipe, _ data: Dataset) -> String? {
    guard let startFrom = recipe.startFrom else { return nil }
    guard recipe.frozenLayers > 0 else { return "weights: at first those of \(startFrom)" }
    let layers = recipe.frozenLayers == 1 ? "first layer keeps its" : "first \(recipe.frozenLayers) layers keep their"
    let reason = data.count < few ? ", since \(data.count) pictures are few" : ""
    return "weights: at first those of \(startFrom); D's \(layers) weights\(reason)"
  }

  private static func game(_ recipe: AdversarialRecipe) -> String {
    var terms = "objective \(recipe.objective.rawValue)"
    if recipe.penalties.r1 > 0 { terms += ", r1 \(recipe.penalties.r1.shown)" }
    if recipe.penalties.r2 > 0 { terms += ", r2 \(recipe.penalties.r2.shown)" }
    if recipe.penalties.isLazy && recipe.penalties.interval > 1 {
      terms += " (every \(recipe.penalties.interval) updates of D)"
    }
    if recipe.objective == .relativisticPairing {
      terms += ": comparing each real picture with a generated one counters mode collapse"
    }
    if recipe.projected {
      let source =
        recipe.usesEncoder
        ? "an encoder that is trained on the data first" : recipe.featureNetwork ?? "a network with drawn weights"
      terms += "; D is projected, as you asked: it sees pictures as features of \(source)"
    }
    return terms
  }

  private static func classes(_ recipe: AdversarialRecipe, _ data: Dataset, _ hasClasses: Bool) -> String? {
    if recipe.isConditional && recipe.groups > 0 {
      return
        "groups: \(data.labels != nil ? "in place of the class labels, as you asked" : "without class labels"), both players are "
        + "conditional on \(recipe.groups) groups of similar pictures that are found first (G by "
        + "\(recipe.conditionGenerator.rawValue), D by \(recipe.conditionDiscriminator.rawValue)); 'gan sample' draws each as "
        + "often as it occurs, --class K one of them; --set groups=0 turns them off"
    }
    if recipe.isConditional {
      return
        "classes: both players are conditional on class labels (G by \(recipe.conditionGenerator.rawValue), D by "
        + "\(recipe.conditionDiscriminator.rawValue)), so 'gan sample --class' draws the class you ask for; "
        + "--set condition_generator=none turns it off"
    }
    guard hasClasses else { return nil }
    return "classes: not used, "
      + (recipe.packing > 1 ? "since the images of a pack have different ones" : "as you asked")
  }

  private static func augmentation(_ recipe: AdversarialRecipe, _ data: Dataset) -> String? {
    guard data.kind == .pictures else { return nil }
    guard !recipe.augment.isEmpty else {
      return data.count < few ? "no augmentation, as you asked, although D may memorise \(data.count) pictures" : nil
    }
    let kinds = recipe.augment.map(\.rawValue).joined(separator: ",")
    guard data.count < few else { return "augment \(kinds): as you asked" }
    let flip = recipe.augment.contains(.flip) ? "" : "; add flip if mirrored pictures look natural"
    return "augment \(kinds): D would memorise only \(data.count) pictures\(flip)"
  }

  private static func precision(_ recipe: AdversarialRecipe) -> String {
    switch recipe.precision {
    case .bfloat16: "precision bfloat16: faster on this processor"
    case .float32, .auto:
      Precision.auto.settled == .float32
        ? "precision float32: this processor has no instructions for bfloat16"
        : "precision float32: as you asked, or because coordinates need it"
    }
  }

  private static func length(_ recipe: AdversarialRecipe, _ limits: Limits, _ pace: Double?) -> String {
    guard let minutes = limits.minutes, let pace else { return "\(recipe.steps) steps, as you asked" }
    let fall = recipe.generator.schedule == .constant ? "" : ", and the learning rate falls to end with them"
    return
      "\(recipe.steps) steps: \(minutes.shown) minutes at \((pace * 1000).shown) ms a step; a busier machine plays fewer, a "
      + "quieter one more\(fall)"
  }

  private static func rates(_ recipe: AdversarialRecipe) -> String {
    let end =
      recipe.generator.schedule == .constant ? "" : ", falling on a \(recipe.generator.schedule.rawValue) schedule"
    let limit = recipe.discriminator.clipNorm
    let clipped = limit > 0 ? ", D's gradient clipped to a norm of \(limit.shown)" : ""
    let (own, other) = (recipe.generator.learningRate, recipe.discriminator.learningRate)
    let rate = "learning rate \(own.shown)\(own == other ? "" : ", D's \(other.shown)")\(end)\(clipped)"
    guard recipe.averageDecay > 0 else { return "\(rate); no average of the generator" }
    let horizons = recipe.averageDecays.map { "\(Int((1 / (1 - $0)).rounded()))" }
    let choice = horizons.count > 1 ? "; the run ends with the best average, if evaluations can tell" : ""
    return "\(rate); the generator is averaged over about \(horizons.joined(separator: ", ")) steps\(choice)"
  }
}
