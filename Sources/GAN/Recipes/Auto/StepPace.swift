/// How fast this machine plays a recipe.
enum StepPace {
  /// The seconds that a run of `minutes` may spend on being measured: a hundredth of it, from two seconds to ten.
  static func seconds(_ minutes: Double) -> Double { min(max(minutes * 60 / 100, 2), 10) }

  /// What is timed as one block at least, in seconds: longer than the pauses that a step now and then takes.
  private static let block = 0.25
  /// What a run's log and pictures add to a step, in seconds: `auto` on ring8 took 2.46 ms a step where 2.15 were measured.
  private static let bookkeeping = 0.0003

  /// The seconds of a step on random pictures of `shape`: the lower quartile of blocks of whole intervals of penalties.
  ///
  /// A mean would carry what else the machine does in these seconds into all of the run: after a build MNIST was planned at
  /// 39 ms a step, ran at 27 and was over after two thirds of its time. Minutes remain a limit, so that steps planned
  /// too quick cost the end of the schedule alone.
  ///
  /// - Parameter minutes: how long the run is to take.
  static func measure(_ recipe: Recipe, shape: SampleShape, minutes: Double) throws -> Double {
    let game = try BenchmarkedTraining(recipe, shape: shape, seed: 1)
    let interval = recipe.penalties.isLazy ? recipe.penalties.interval : 1
    // The first steps find their memory; they are no measure.
    var steps = max(3, interval)
    for step in 0..<steps { try game(step) }
    var paces: [Double] = []
    let began = ContinuousClock.now
    while (ContinuousClock.now - began).seconds < seconds(minutes) {
      let (first, start) = (steps, ContinuousClock.now)
      var elapsed = 0.0
      while elapsed < block || (steps - first) % interval != 0 {
        try game(steps)
        steps += 1
        elapsed = (ContinuousClock.now - start).seconds
      }
      paces.append(elapsed / Double(steps - first))
    }
    return paces.sorted()[paces.count / 4] + bookkeeping
  }
}
