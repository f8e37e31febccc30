import Metrics
import Testing
import Torch

/// Logits `[N, 3, 10]` whose largest are the digits of `numbers`.
private func logits(_ numbers: [Int]) -> Tensor {
  let elements = numbers.flatMap { number in
    [number / 100, number / 10 % 10, number % 10].flatMap { digit in (0..<10).map { Float($0 == digit ? 3 : -1) } }
  }
  return Tensor(elements, shape: [numbers.count, 3, 10])
}

@Suite struct StackedModesTests {
  @Test func aModeIsReadAsAThreeDigitNumber() throws {
    var modes = try StackedModes()
    try modes.add(logits([7, 120, 999]))
    try modes.add(logits([120]))
    #expect(modes.histogram.counts[7] == 1 && modes.histogram.counts[120] == 2 && modes.histogram.counts[999] == 1)
    let score = modes.modes(seed: 1)
    #expect(score.value == 3 && score.fakeCount == 4 && score.deviation > 0.3 && score.deviation < 1)
  }

  /// What VEEGAN and PacGAN judge by: 26,000 samples of the data hit all modes, and chance alone gives about 0.019 nats.
  @Test func samplesOfTheDataHaveTheFloorThatIsForetold() throws {
    var modes = try StackedModes()
    let drawn = Tensor.empty([26_000])
    drawn.fillUniform(0, 1000, using: RandomGenerator(seed: 8))
    try modes.add(logits(drawn.array(of: Float.self).map { min(999, Int($0)) }))
    let floor = modes.uniform.expectedDivergence(samples: 26_000)
    #expect(abs(floor - 0.0194) < 3e-4)
    let score = try modes.histogram.score(against: modes.uniform, seed: 1)
    // The deviation of the floor is (999 / 2)^½ / 26,000.
    #expect(abs(score.value - floor) < 4 * 8.6e-4)
    #expect(modes.histogram.hit == 1000)
    #expect(abs(modes.uniform.expectedHit(samples: 26_000) - 1000) < 1e-6)
    #expect(abs(modes.uniform.expectedHit(samples: 1000) - 632.3) < 0.1)
  }

  @Test func modesBeyondCountingAreAnError() throws {
    #expect(try StackedModes(groups: 3, classes: 46).histogram.counts.count == 97_336)
    for (groups, classes) in [(3, 47), (1, 100_001), (60, 10)] {
      #expect(sentence { _ = try StackedModes(groups: groups, classes: classes) }?.contains("more than 100000") == true)
    }
  }

  @Test func otherLogitsAreAnError() throws {
    var modes = try StackedModes()
    #expect(sentence { try modes.add(normalRows(4, 10)) }?.contains("expected [N, 3, 10]") == true)
    let broken = logits([1, 2, 3])
    broken[1].fill(.infinity)
    #expect(sentence { try modes.add(broken) }?.contains("sample 1") == true)
    #expect(modes.histogram.total == 0)
  }
}
