/// How fast this machine plays a recipe.
enum StepPace {
  /// What is measured at least, in seconds, once the first steps are over.
  private static let seconds = 2.0
  /// What a run's log and pictures add to a step, in seconds: `auto` on ring8 took 2.46 ms a step where 2.15 were measured.
  private static let bookkeeping = 0.0003

  /// The seconds of a mean step on random pictures of `shape`, whole intervals of penalties counted.
  static func measure(_ recipe: Recipe, shape: SampleShape) throws -> Double {
    let game = try BenchmarkedTraining(recipe, shape: shape, seed: 1)
    let interval = recipe.penalties.isLazy ? recipe.penalties.interval : 1
    // The first steps find their memory; they are no measure.
    for step in 0..<max(3, interval) { try game(step) }
    var steps = max(3, interval)
    let (first, began) = (steps, ContinuousClock.now)
    var elapsed = 0.0
    while elapsed < seconds || (steps - first) % interval != 0 {
      try game(steps)
      steps += 1
      elapsed = (ContinuousClock.now - began).seconds
    }
    return elapsed / Double(steps - first) + bookkeeping
  }
}
