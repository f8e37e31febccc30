/// The recipe `auto`: chooses network, batch size, width, penalties and schedule by rules, from the data, the machine and the
/// time limit.
///
/// ```swift
/// let data = try DataSource("digits").load(.train)
/// let auto = try AutoRecipe(for: data, .minutes(10))
/// auto.reasons.forEach { print($0) }
/// let trainer = try Trainer(auto.recipe, data: auto.data, run: .create("runs/first"))
/// try trainer.run(until: auto.limits)
/// ```
public struct AutoRecipe: Sendable {
  /// Its name.
  public static let name = "auto"
  /// What it does, in a sentence.
  public static let purpose = "chooses network, width, batch size and schedule for your data, machine and time limit"
  /// The time limit in minutes of a run that is limited by nothing but metrics.
  public static let usualMinutes = 10.0

  /// The chosen recipe. All its settings are fixed, so a run can be repeated and resumed exactly.
  public let recipe: AdversarialRecipe
  /// What was chosen and why, one sentence per choice.
  public let reasons: [String]
  /// The data, with the groups that the recipe is conditional on if there are such.
  public let data: Dataset
  /// The limits of the run: those that were given, less the minutes that finding groups took.
  public let limits: Limits

  /// Chooses for a data set and a time limit.
  ///
  /// - Parameters:
  ///   - limits: steps, images or minutes, whichever ends first; ``usualMinutes`` if none is given. Minutes are converted to
  ///     steps by timing a few on random pictures.
  ///   - conditional: whether both players are conditional on class labels, which the data must then have; with `nil` they
  ///     are if each class has enough pictures and no change excludes it, and on groups that are found in grey pictures without
  ///     labels if there are enough of them, and enough minutes. A change that sets a player's conditioning to none turns it off
  ///     for both in any case.
  ///   - progress: called while features are learnt by which groups are found.
  ///   - changes: overrides of the choice. Called several times, since the balance depends on network and sizes, and the
  ///     schedule on both.
  /// - Throws: ``TrainingError`` if the changes contradict each other, or if no network can draw samples of this shape;
  ///   `MetricError` if groups cannot be found.
  public init(
    for data: Dataset, _ limits: Limits, conditional: Bool? = nil,
    changes: (inout AdversarialRecipe) throws -> Void = { _ in },
    progress: (ExtractorProgress) -> Void = { _ in }
  ) throws {
    var limits = limits
    if limits.isUnbounded { limits.minutes = Self.usualMinutes }
    let played = try Self.played(for: data, limits, conditional: conditional, changes: changes)
    var recipe = played.recipe
    try recipe.validate(for: data)
    let clock = RunningClock()
    let data = try recipe.prepared(data, progress)
    let (asked, preparation) = (limits, clock.seconds / 60)
    let hasGroups = recipe.isConditional && recipe.groups > 0
    let isPrepared = hasGroups || recipe.usesEncoder
    if isPrepared {
      limits.minutes = asked.minutes.map { (100 * max($0 - preparation, 0.1 * $0)).rounded() / 100 }
    }
    let pace = try limits.minutes.map { try StepPace.measure(recipe, data: data, minutes: $0) }
    recipe.steps = limits.steps(of: recipe, pace: pace)
    Balance.schedule(&recipe, data.shape)
    let steps = recipe.steps
    try changes(&recipe)
    try Self.check(recipe, plannedFor: steps)
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    (self.recipe, self.data, self.limits) = (recipe, data, limits)
    var found: [String] = []
    if isPrepared, let minutes = asked.minutes {
      let what = [recipe.usesEncoder ? "training the encoder" : nil, hasGroups ? "finding the groups" : nil]
      found.append(
        "\(what.compactMap(\.self).joined(separator: " and ")) took \(((100 * preparation).rounded() / 100).shown) of the \(minutes.shown) minutes"
      )
    }
    reasons =
      Self.choices(recipe, data, asked, hasClasses: played.hasClasses) + found + Self.fits(recipe, limits, pace: pace)
  }

  /// The game with everything that its steps depend on: all but their number and what is fitted to that.
  ///
  /// - Returns: the recipe, and whether the data have classes to be conditional on.
  private static func played(
    for data: Dataset, _ limits: Limits, conditional: Bool?, changes: (inout AdversarialRecipe) throws -> Void
  ) throws -> (recipe: AdversarialRecipe, hasClasses: Bool) {
    let hasClasses = try conditional ?? hasEnoughOfEachClass(data)
    var recipe = game(for: data, limits, hasClasses, groups: conditional == nil ? groups(in: data, limits) : 0)
    var usual = (recipe.network, recipe.isConditional)
    try changes(&recipe)
    if recipe.groups > 0 && !usual.1 {
      // Groups that were asked for make the game conditional.
      recipe = game(for: data, limits, hasClasses, groups: recipe.groups, network: recipe.network)
      usual = (recipe.network, recipe.isConditional)
      try changes(&recipe)
    }
    let isConditional =
      (hasClasses || recipe.groups > 0) && !recipe.excludesClasses && (conditional == true || recipe.packing == 1)
    if (recipe.network, isConditional) != usual {
      recipe = game(
        for: data, limits, isConditional && hasClasses, groups: isConditional ? recipe.groups : 0,
        network: recipe.network)
      try changes(&recipe)
    }
    if recipe.projected {
      (recipe.objective, recipe.discriminatorNorm) = (.hinge, .batch)
      try changes(&recipe)
    }
    try recipe.validateRanges()
    try NetworkDescription(
      recipe.network, latentSize: recipe.latentSize, shape: data.shape, baseWidth: recipe.baseWidth
    ).validate()
    Balance.players(&recipe, data.shape)
    if recipe.startFrom != nil && data.count < few && !recipe.projected { recipe.frozenLayers = frozenWithFew }
    try changes(&recipe)
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    return (recipe, hasClasses)
  }

  /// What is played on `data` in a run of `minutes`, and why, without a look at the speed of this machine: for benchmarks.
  package static func played(
    for data: Dataset, minutes: Double, changes: (inout AdversarialRecipe) throws -> Void
  ) throws -> (recipe: AdversarialRecipe, reasons: [String]) {
    let limits = Limits.minutes(minutes)
    let (recipe, hasClasses) = try played(for: data, limits, conditional: nil, changes: changes)
    return (recipe, choices(recipe, data, limits, hasClasses: hasClasses))
  }
}

extension Limits {
  /// The steps within these limits: of samples, of steps, and of minutes at `pace` seconds a step, the fewest.
  func steps(of recipe: any Recipe, pace: Double?) -> Int {
    let most = Setting<AdversarialRecipe>.mostSteps
    let inTime = minutes.flatMap { minutes in pace.map { Int(min(minutes * 60 / $0, Double(most))) } }
    let asked = lastStep(samplesPerStep: recipe.samplesPerStep)
    return max(1, [inTime, asked].compactMap { $0 }.reduce(most, min))
  }
}

extension AutoRecipe {
  /// Throws when changes set a number of steps, for which nothing was chosen.
  static func check(_ recipe: any Recipe, plannedFor steps: Int) throws(TrainingError) {
    guard recipe.steps != steps else { return }
    throw TrainingError(
      "auto fits its schedule to the limits of the run: leave out steps=\(recipe.steps) and limit the run instead")
  }
}

extension AdversarialRecipe {
  /// Whether the changes make a player unconditional: labels that only the other one sees would be of no use.
  fileprivate var excludesClasses: Bool { conditionGenerator == .none || conditionDiscriminator == .none }
}
