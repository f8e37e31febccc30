/// How fast this machine plays a recipe.
enum StepPace {
  /// The seconds for which a run of `minutes` is measured once its first steps are over: a hundredth of it, from two to ten.
  static func seconds(_ minutes: Double) -> Double { min(max(minutes * 60 / 100, 2), 10) }

  /// What is timed as one block at least, in seconds: longer than the pauses that a step now and then takes.
  private static let block = 0.25
  /// What a run's log and pictures add to a step, in seconds: `auto` on ring8 took 2.46 ms a step where 2.15 were measured.
  private static let bookkeeping = 0.0003
  /// Penalties that come more seldom are timed apart: waiting for them could take longer than there is time.
  private static let longestInterval = 8

  /// The seconds of a step on random pictures of the data's shape and classes.
  ///
  /// - Parameter minutes: how long the run is to take.
  static func measure(_ recipe: AdversarialRecipe, data: Dataset, minutes: Double) throws -> Double {
    var recipe = recipe
    // What fades out is there.
    recipe.fit(toSteps: 1_000_000)
    let (seconds, interval) = (seconds(minutes), recipe.penalties.interval)
    guard recipe.penalties.isLazy && interval > longestInterval else {
      return try pace(recipe, data, seconds, period: period(recipe)) + bookkeeping
    }
    recipe.penalties.interval = 1
    let with = try pace(recipe, data, seconds / 2, period: 1)
    // Beyond all moves of a measurement.
    recipe.penalties.interval = 1_000_000
    let without = try pace(recipe, data, seconds / 2, period: 1)
    return without + (with - without) / Double(interval) + bookkeeping
  }

  /// The lower quartile of blocks of whole periods, the quickest of fewer than four.
  ///
  /// A mean would carry what else the machine does in these seconds into all of the run. Minutes remain a limit, so that
  /// steps planned too quick cost the end of the schedule alone.
  private static func pace(_ recipe: AdversarialRecipe, _ data: Dataset, _ seconds: Double, period: Int) throws
    -> Double
  {
    let game = try BenchmarkedTraining(
      recipe, shape: data.shape, seed: 1, classes: recipe.isConditional ? ClassTable(data) : nil)
    // The first steps find their memory; they are no measure.
    var steps = max(3, period) + 1
    for step in 1..<steps { try game(step) }
    var paces: [Double] = []
    let clock = RunningClock()
    while clock.seconds < seconds {
      let (first, start) = (steps, clock.seconds)
      var elapsed = 0.0
      while elapsed < block || (steps - first) % period != 0 {
        try game(steps)
        steps += 1
        elapsed = clock.seconds - start
      }
      paces.append(elapsed / Double(steps - first))
    }
    return paces.sorted()[paces.count / 4]
  }

  /// Steps after which penalties come again at the same moves of a step.
  private static func period(_ recipe: AdversarialRecipe) -> Int {
    guard recipe.penalties.isLazy else { return 1 }
    let interval = recipe.penalties.interval
    return (1...interval).first { ($0 * recipe.criticSteps).isMultiple(of: interval) } ?? interval
  }
}
