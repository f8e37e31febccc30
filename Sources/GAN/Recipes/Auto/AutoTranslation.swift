/// The recipe `auto` for data of two sides: chooses game, networks, batch size and schedule by rules, from the data, the machine
/// and the time limit.
///
/// ```swift
/// var options = LoadOptions()
/// let source = try DataSource("facades/")
/// guard let begun = AutoTranslation.beginning(try source.arrangement(options)) else { return }
/// (options.sides, options.size) = (begun.sides, begun.usualSize)
/// let auto = try AutoTranslation(begun, for: source.load(.train, options: options), .minutes(10))
/// ```
public struct AutoTranslation {
  /// The chosen recipe. All its settings are fixed, so a run can be repeated and resumed exactly.
  public let recipe: any TranslatingRecipe
  /// What was chosen and why, one sentence per choice.
  public let reasons: [String]

  /// The game for data that lie so, with its usual settings: what says how the data are loaded. Nil for a single collection,
  /// for which ``AutoRecipe`` chooses.
  public static func beginning(_ arrangement: Arrangement) -> (any TranslatingRecipe)? {
    var recipe: any TranslatingRecipe
    switch arrangement {
    case .single: return nil
    case .pairs: recipe = TranslationRecipe.pix2pix
    case .collections: recipe = CycleRecipe.cyclegan
    }
    (recipe.name, recipe.purpose) = (AutoRecipe.name, AutoRecipe.purpose)
    return recipe
  }

  /// Chooses for a data set and a time limit.
  ///
  /// - Parameters:
  ///   - recipe: what ``beginning(_:)`` says, with the changes by which the data were loaded.
  ///   - limits: steps, images or minutes, whichever ends first; ``AutoRecipe/usualMinutes`` if none is given. Minutes are
  ///     converted to steps by timing a few.
  ///   - changes: overrides of the choice. Called several times, since the schedule depends on the rest.
  /// - Throws: ``TrainingError`` if the changes contradict each other, or no network takes such pictures.
  public init(
    _ recipe: any TranslatingRecipe, for data: Dataset, _ limits: Limits,
    changes: (inout any TranslatingRecipe) throws -> Void = { _ in }
  ) throws {
    var (limits, recipe) = (limits, recipe)
    if limits.isUnbounded { limits.minutes = AutoRecipe.usualMinutes }
    try recipe.choose(for: data)
    let plan = try Self.plan(recipe, for: data, limits, changes)
    let (pace, steps) = (plan.pace, plan.steps)
    recipe = plan.recipe
    recipe.steps = steps
    recipe.fit(toSteps: steps)
    recipe.averageDecay = Self.averageDecay(steps)
    try changes(&recipe)
    try AutoRecipe.check(recipe, plannedFor: steps)
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    self.recipe = recipe
    let length =
      pace.flatMap { pace in
        limits.minutes.map { "\($0.shown) minutes at \((pace * 1000).shown) ms a step on this machine" }
      } ?? "as you asked"
    reasons =
      try recipe.choices(for: data) + [plan.reason].compactMap(\.self) + [
        "precision \(recipe.precision.rawValue)",
        "\(steps) steps: \(length); the learning rate falls to zero with the end of the run",
      ]
  }

  /// A recipe and what it makes of the limits.
  private struct Plan {
    var recipe: any TranslatingRecipe
    /// Seconds a step, where minutes limit the run.
    var pace: Double?
    var steps: Int
    /// Why its networks are not wider, where that has a reason.
    var reason: String?
    /// Training samples, counted as often as they are seen.
    var samples: Int { steps * recipe.batch }
  }

  /// The widths that are tried, the narrowest first: networks are as wide as `width` if with them the run sees `samples` or more
  /// training samples, counted as often as they are seen. In short runs narrow networks are ahead, which see more in the time;
  /// Docs/translation.md and Docs/style.md have the figures.
  static let widths: [(width: Int, samples: Int)] = [(16, 0), (32, 30_000)]

  /// The plan with the widest networks that pay in this run (``widths``), unless changes or a file to begin with say how wide they
  /// are.
  private static func plan(
    _ recipe: any TranslatingRecipe, for data: Dataset, _ limits: Limits,
    _ changes: (inout any TranslatingRecipe) throws -> Void
  ) throws -> Plan {
    func plan(_ recipe: any TranslatingRecipe) throws -> Plan {
      var recipe = recipe
      try changes(&recipe)
      recipe.precision = recipe.precision.settled
      try recipe.validate()
      try recipe.validate(for: data)
      let pace = try limits.minutes.map { try StepPace.measure(recipe, data: data, minutes: $0) }
      return Plan(recipe: recipe, pace: pace, steps: limits.steps(of: recipe, pace: pace))
    }
    /// Networks of this width; nil where changes set another.
    func sized(_ width: Int) throws -> (any TranslatingRecipe)? {
      var sized = recipe
      (sized.common.baseWidth, sized.common.discriminatorWidth) = (width, width)
      var changed = sized
      try changes(&changed)
      return changed.baseWidth == width ? sized : nil
    }
    var chosen: Plan?
    for (width, samples) in recipe.input.startFrom == nil ? widths : [] {
      guard let sized = try sized(width) else { break }
      // Wider networks see no more samples than narrow ones.
      let wider = chosen.map { $0.samples < samples } == true ? nil : try plan(sized)
      guard let wider, wider.samples >= samples else {
        chosen?.reason = "narrow networks: with \(width) channels the run would see fewer than \(samples) pictures"
        break
      }
      chosen = wider
    }
    return try chosen ?? plan(recipe)
  }

  /// A horizon of a fiftieth of the run, from 20 to 1,000 steps: the learning rate falls to zero, so that little is left to
  /// smooth.
  private static func averageDecay(_ steps: Int) -> Double { 1 - 1 / Double(min(max(steps / 50, 20), 1_000)) }
}
