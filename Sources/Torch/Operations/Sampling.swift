private let normalInPlace = Operation("aten::normal_")
private let uniformInPlace = Operation("aten::uniform_")
private let integersInPlace = Operation("aten::random_", "from")
private let dropoutOperation = Operation("gan::dropout")

extension Tensor {
  /// Sets every element to a draw from the normal distribution.
  public func fillNormal(mean: Double = 0, deviation: Double = 1, using random: RandomGenerator) {
    normalInPlace(.tensor(self), .double(mean), .double(deviation), .generator(random))
  }

  /// Sets every element to a draw from the uniform distribution over `low ..< high`.
  public func fillUniform(_ low: Double, _ high: Double, using random: RandomGenerator) {
    uniformInPlace(.tensor(self), .double(low), .double(high), .generator(random))
  }

  /// Sets every element to a whole number drawn uniformly from `range`.
  public func fillRandom(_ range: Range<Int>, using random: RandomGenerator) {
    integersInPlace(.tensor(self), .int(range.lowerBound), .int(range.upperBound), .generator(random))
  }

  /// Leaky relu of `slope` (1 for none), then each element set to zero with probability `rate` (in 0 ..< 1) and else
  /// divided by 1 − rate, in one pass.
  ///
  /// The mask is drawn by Philox4x32-10 (Salmon et al. 2011) from one draw of `random` and the elements' places: row by row,
  /// and of maps `[N, C, H, W]` pixel by pixel with the channels of each, in whatever memory order and on whatever device
  /// they are. Backward reads it off the output's signs, so that nothing else is stored.
  public func dropout(_ rate: Double, afterSlope slope: Double = 1, using random: RandomStream) -> Tensor {
    dropoutOperation(
      .tensor(self), .double(rate), .int(Int(truncatingIfNeeded: random.next())), .double(slope))
  }
}
