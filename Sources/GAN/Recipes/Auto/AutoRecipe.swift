/// The recipe `auto`: network, batch, width, penalties and schedule by rules, from the data, the machine and the time
/// there is.
///
/// ```swift
/// let data = try DataSource("digits").load(.train)
/// let auto = try AutoRecipe(for: data, .minutes(10))
/// auto.reasons.forEach { print($0) }
/// let trainer = try Trainer(auto.recipe, data: data, run: .create("runs/first"))
/// try trainer.run(until: .minutes(10))
/// ```
public struct AutoRecipe: Sendable {
  /// What it is called.
  public static let name = "auto"
  /// What it is for.
  public static let purpose = "chooses network, width, batch and schedule from the data, the machine and the time given"
  /// How long a run is to take, in minutes, where nothing but metrics limits it.
  public static let usualMinutes = 10.0

  /// The choice: all settings are fixed, so that a run repeats and resumes exactly.
  public let recipe: AdversarialRecipe
  /// What was chosen and why, a sentence each.
  public let reasons: [String]

  /// Chooses for a data set and the time there is.
  ///
  /// - Parameters:
  ///   - limits: steps, images or minutes, whichever is over first, ``usualMinutes`` where none of them is given; minutes are
  ///     turned into steps by playing a few on random pictures.
  ///   - toldClasses: whether both players are told the classes, which the data must have then; `nil` tells them
  ///     where there are enough pictures of each and no change excludes it. A change that sets the conditioning of a
  ///     player to none keeps them back from both in any case.
  ///   - changes: what somebody wants otherwise. It is called several times, since the balance follows from network and
  ///     sizes, and the schedule from both.
  /// - Throws: ``TrainingError`` where the changes contradict each other, or the data cannot be drawn.
  public init(
    for data: Dataset, _ limits: Limits, toldClasses: Bool? = nil,
    changes: (inout AdversarialRecipe) throws -> Void = { _ in }
  ) throws {
    var limits = limits
    if limits.isUnbounded { limits.minutes = Self.usualMinutes }
    let told = try toldClasses ?? Self.tellsClasses(of: data)
    var recipe = Self.game(for: data, limits, toldClasses: told)
    let usual = recipe.network
    try changes(&recipe)
    let staysTold = told && !recipe.keepsClassesBack && (toldClasses == true || recipe.packing == 1)
    if recipe.network != usual || staysTold != told {
      recipe = Self.game(for: data, limits, toldClasses: staysTold, network: recipe.network)
      try changes(&recipe)
    }
    try recipe.validateRanges()
    try NetworkDescription(
      recipe.network, latentSize: recipe.latentSize, shape: data.shape, baseWidth: recipe.baseWidth
    ).validate()
    Balance.players(&recipe, data.shape)
    try changes(&recipe)
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    let pace = try limits.minutes.map { try StepPace.measure(recipe, data: data, minutes: $0) }
    let most = Setting<AdversarialRecipe>.mostSteps
    let inTime = limits.minutes.flatMap { minutes in pace.map { Int(min(minutes * 60 / $0, Double(most))) } }
    let asked = limits.lastStep(samplesPerStep: recipe.samplesPerStep)
    recipe.steps = max(1, [inTime, asked].compactMap { $0 }.reduce(most, min))
    Balance.schedule(&recipe, data.shape)
    let steps = recipe.steps
    try changes(&recipe)
    guard recipe.steps == steps else {
      throw TrainingError(
        "auto fits its schedule to the limits of the run: leave out steps=\(recipe.steps) and limit the run")
    }
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    self.recipe = recipe
    reasons = Self.reasons(recipe, data, limits, pace: pace, hasClasses: told)
  }
}

extension AdversarialRecipe {
  /// Whether somebody wants a player not to know the classes: told to one alone they would be of no use.
  fileprivate var keepsClassesBack: Bool { conditionGenerator == .none || conditionDiscriminator == .none }
}
