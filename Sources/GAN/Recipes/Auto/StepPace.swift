/// How fast a recipe runs on this machine.
enum StepPace {
  /// Seconds of measurement, after the first steps, for a run of `minutes`: a hundredth of it, from two to ten.
  static func seconds(_ minutes: Double) -> Double { min(max(minutes * 60 / 100, 2), 10) }

  /// The least length of a timed block, in seconds: longer than the occasional pauses of a step.
  private static let block = 0.25
  /// What a run's log and pictures add to a step, in seconds: `auto` on ring8 took 2.46 ms per step; 2.15 ms were measured.
  private static let bookkeeping = 0.0003
  /// Penalties with a longer interval are timed separately: waiting for them could take too long.
  private static let longestInterval = 8

  /// Seconds per step on random pictures of the data's shape and classes.
  ///
  /// - Parameter minutes: how long the run is to take.
  static func measure(_ recipe: AdversarialRecipe, data: Dataset, minutes: Double) throws -> Double {
    // What does not fit into memory is timed as it will be played.
    var recipe = try MemoryFit.of(recipe, data: data)?.halved as? AdversarialRecipe ?? recipe
    let classes = recipe.isConditional ? try recipe.classTable(of: data) : nil
    // So that terms that fade out are present.
    recipe.fit(toSteps: 1_000_000)
    let (seconds, interval) = (seconds(minutes), recipe.penalties.interval)
    guard recipe.penalties.isLazy && interval > longestInterval else {
      return try pace(recipe, data.shape, classes, seconds, period: period(recipe)) + bookkeeping
    }
    recipe.penalties.interval = 1
    let rest = recipe.pathLength > 0 ? recipe.pathLengthInterval : 1
    let with = try pace(recipe, data.shape, classes, seconds / 2, period: rest)
    // Longer than any measurement.
    recipe.penalties.interval = 1_000_000
    let without = try pace(recipe, data.shape, classes, seconds / 2, period: rest)
    return without + (with - without) / Double(interval) + bookkeeping
  }

  /// Seconds per step of any game on its data.
  static func measure(_ recipe: any Recipe, data: Dataset, minutes: Double) throws -> Double {
    let recipe = try MemoryFit.of(recipe, data: data)?.halved ?? recipe
    let game = try recipe.makeGame(for: data, seed: 1)
    let loader = try BatchLoader(game.feeds(of: data), batchSize: recipe.batch, seed: 1)
    let step = TrainingStep(game, recipe.training, seed: 1) { Batch(try loader.next(), on: game.device) }
    return try pace(seconds(minutes), period: 1) { _ = try step($0, attempt: 0) } + bookkeeping
  }

  private static func pace(
    _ recipe: AdversarialRecipe, _ shape: SampleShape, _ classes: ClassTable?, _ seconds: Double, period: Int
  ) throws -> Double {
    let game = try BenchmarkedTraining(recipe, shape: shape, seed: 1, classes: classes)
    return try pace(seconds, period: period) { try game($0) }
  }

  /// The lower quartile of blocks of whole periods, the quickest of fewer than four.
  ///
  /// A mean would carry whatever else the machine does in these seconds over to the whole run. Planning too many steps costs
  /// little: the time limit still holds, and the trainer makes new plans when the run turns out to be slower.
  private static func pace(_ seconds: Double, period: Int, _ step: (Int) throws -> Void) throws -> Double {
    // The first steps allocate memory; they are not representative.
    var steps = max(3, period) + 1
    for number in 1..<steps { try step(number) }
    var paces: [Double] = []
    let clock = RunningClock()
    while clock.seconds < seconds {
      let (first, start) = (steps, clock.seconds)
      var elapsed = 0.0
      while elapsed < block || (steps - first) % period != 0 {
        try step(steps)
        steps += 1
        elapsed = clock.seconds - start
      }
      paces.append(elapsed / Double(steps - first))
    }
    return paces.sorted()[paces.count / 4]
  }

  /// Steps after which penalties fall on the same updates of a step again.
  private static func period(_ recipe: AdversarialRecipe) -> Int {
    let paths = recipe.pathLength > 0 ? recipe.pathLengthInterval : 1
    let interval = recipe.penalties.isLazy ? recipe.penalties.interval : 1
    return (1...interval * paths).first {
      $0.isMultiple(of: paths) && ($0 * recipe.criticSteps).isMultiple(of: interval)
    } ?? interval * paths
  }
}
