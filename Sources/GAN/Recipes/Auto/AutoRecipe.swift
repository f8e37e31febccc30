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
  /// How long the run may be.
  public enum Extent: Sendable, Equatable {
    /// So many minutes on this machine.
    case minutes(Double)
    /// So many steps.
    case steps(Int)
    /// So many real images.
    case images(Int)

    /// The extent that limits allow; minutes come first, since a schedule fits them best.
    ///
    /// - Precondition: something other than metrics limits the run.
    public init(_ limits: Limits) {
      if let minutes = limits.minutes {
        self = .minutes(minutes)
      } else if let steps = limits.steps {
        self = .steps(steps)
      } else {
        self = .images(limits.images ?? 1)
      }
    }
  }

  /// What it is called.
  public static let name = "auto"
  /// What it is for.
  public static let purpose = "chooses network, width, batch and schedule from the data, the machine and the time given"

  /// The choice: all settings are fixed, so that a run repeats and resumes exactly.
  public private(set) var recipe: Recipe
  /// What was chosen and why, a sentence each.
  public private(set) var reasons: [String] = []

  /// Chooses for a data set. Minutes are turned into steps by playing a few of them on random pictures.
  ///
  /// - Parameter changes: what somebody wants otherwise; it comes before all that depends on it.
  /// - Throws: ``GANError`` where the changes contradict each other, or the data cannot be drawn.
  public init(for data: Dataset, _ extent: Extent, changes: (inout Recipe) throws -> Void = { _ in }) throws {
    (recipe, reasons) = try Self.game(for: data)
    if data.kind == .images { recipe.batch = min(recipe.batch, max(data.count, 1)) }
    try changes(&recipe)
    reasons += recipe.balancePlayers(data.shape)
    try changes(&recipe)
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    reasons.append("precision \(recipe.precision.rawValue): \(Self.reason(recipe.precision))")
    switch extent {
    case .steps(let steps): recipe.steps = steps
    case .images(let images): recipe.steps = max(1, images / recipe.imagesPerStep)
    case .minutes(let minutes):
      let pace = try StepPace.measure(recipe, shape: data.shape)
      recipe.steps = max(1, Int(minutes * 60 / pace))
      reasons.append(
        "\(recipe.steps) steps: one takes \((pace * 1000).shown) ms here, and there are \(minutes.shown) minutes")
    }
    reasons += recipe.balanceSchedule()
    // Whatever somebody wants of the schedule wins.
    try changes(&recipe)
    try recipe.validate()
  }

  private static func reason(_ precision: Precision) -> String {
    precision == .bfloat16
      ? "this processor multiplies bfloat16 faster"
      : "this processor has no instructions for bfloat16, or nobody wants it"
  }
}
