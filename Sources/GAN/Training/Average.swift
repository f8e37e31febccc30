extension Game {
  /// Moves the averaged generator toward the present one after step number `step` (from 0): weights and running
  /// statistics alike, average = d average + (1 − d) present, with d the recipe's decay, or (1 + t) / (10 + t) while that
  /// is less and the average warms up (as TensorFlow's `ExponentialMovingAverage` with a step count).
  package func updateAverage(step: Int) {
    guard average !== generator else { return }
    let warm = Double(step + 1) / Double(step + 10)
    let decay = recipe.averageWarmUp ? min(recipe.averageDecay, warm) : recipe.averageDecay
    withoutGradient {
      let pairs = zip(average.state.entries, generator.state.entries).map { ($0.tensor, $1.tensor) }
      let floating = pairs.filter { $0.0.dtype.isFloatingPoint }
      floating.map(\.0).interpolate(toward: floating.map(\.1), weight: 1 - decay)
      // Counters have no mean.
      for (mean, present) in pairs where !mean.dtype.isFloatingPoint { mean.copy(from: present) }
    }
  }
}
