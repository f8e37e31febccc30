import Datasets

/// The standard deviation of a statistic of class counts, by the bootstrap (Efron 1979): as many samples are drawn with
/// replacement from those counted, 200 times.
///
/// - Returns: not a number without samples.
func bootstrapDeviation(of counts: [Int], seed: UInt64, _ statistic: ([Int]) -> Double) -> Double {
  let labels = counts.indices.flatMap { repeatElement(UInt32($0), count: counts[$0]) }
  guard !labels.isEmpty else { return .nan }
  let rounds = 200
  let values = (0..<rounds).map { round in
    var random = CounterRandom(seed: seed, stream: 0, index: round)
    var drawn = [Int](repeating: 0, count: counts.count)
    for _ in labels { drawn[Int(labels[random.below(labels.count)])] += 1 }
    return statistic(drawn)
  }
  let mean = values.reduce(0, +) / Double(rounds)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rounds - 1)).squareRoot()
}
