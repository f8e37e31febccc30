/// Where in a run random numbers are drawn: they depend on this alone.
struct Draw {
  let seed: UInt64
  let step, attempt, phase, part: Int

  /// The seed of what the parts of a phase draw together.
  func phaseSeed(_ purpose: Purpose, phase: Int) -> UInt64 {
    derivedSeed(seed, purpose.rawValue, UInt64(step), UInt64(attempt), UInt64(phase))
  }

  /// The seed of what a part draws for itself.
  func seed(_ purpose: Purpose) -> UInt64 { derivedSeed(phaseSeed(purpose, phase: phase), UInt64(part)) }

  /// What a part draws for itself.
  func random(_ purpose: Purpose) -> RandomGenerator { RandomGenerator(seed: seed(purpose)) }

  /// `count` numbers in 0 ..< 1, `[count, 1]`: this part's rows of a sequence that the parts of a phase draw together.
  func uniformRows(_ purpose: Purpose, count: Int) -> Tensor {
    let rows = Tensor.empty([(part + 1) * count, 1])
    rows.fillUniform(0, 1, using: RandomGenerator(seed: derivedSeed(phaseSeed(purpose, phase: phase), 0)))
    return rows[(part * count)..<((part + 1) * count)]
  }
}
