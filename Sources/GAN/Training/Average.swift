extension Game {
  /// The averaged generator's weights, for the generator's step number `step` (from 0) to move: d is the recipe's decay,
  /// or (1 + t) / (10 + t) while that is less and the average warms up (as TensorFlow's `ExponentialMovingAverage` with a
  /// step count). Nil where there is no average.
  package func weightAverage(step: Int) -> WeightAverage? {
    average === generator ? nil : WeightAverage(average.state.parameters, decay: averageDecay(step: step))
  }

  /// Moves the averaged generator's running statistics as ``weightAverage(step:)`` moves its weights: average = d average
  /// + (1 − d) present.
  package func averageStatistics(step: Int) {
    guard average !== generator else { return }
    withoutGradient {
      let pairs = Array(zip(average.state.buffers, generator.state.buffers))
      let floating = pairs.filter { $0.0.dtype.isFloatingPoint }
      floating.map(\.0).interpolate(toward: floating.map(\.1), weight: 1 - averageDecay(step: step))
      // Counters have no mean.
      for (mean, present) in pairs where !mean.dtype.isFloatingPoint { mean.copy(from: present) }
    }
  }

  private func averageDecay(step: Int) -> Double {
    let warm = Double(step + 1) / Double(step + 10)
    return recipe.averageWarmUp ? min(recipe.averageDecay, warm) : recipe.averageDecay
  }
}
