import Testing
import Torch

@Suite struct RandomTests {
  @Test func theSameSeedRepeatsAndAStateRestores() throws {
    let random = RandomGenerator(seed: 7)
    let a = Tensor.empty([100])
    let b = Tensor.empty([100])
    a.fillNormal(using: RandomGenerator(seed: 7))
    b.fillNormal(using: random)
    #expect(a.isIdentical(to: b))
    let state = try random.state()
    a.fillUniform(-1, 1, using: random)
    try random.restore(state)
    b.fillUniform(-1, 1, using: random)
    #expect(a.isIdentical(to: b))
  }

  /// The known answers of the Random123 distribution for Philox4x32-10 are checked through what the kernel draws:
  /// counter 0 and key 0 give the words 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
  @Test func theGeneratorIsPhilox() {
    let words: [Double] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    let uniform = words.map { Tensor(($0 + 0.5) / 4_294_967_296, dtype: .float64) }
    let radius = (uniform[0].log() * -2).squareRoot().item
    let z = Tensor.normalRows(count: 1, size: 4, seed: 0).array(of: Double.self)
    #expect(abs((z[0] * z[0] + z[1] * z[1]) - radius * radius) < 1e-5)
    let second = (uniform[2].log() * -2).item
    #expect(abs((z[2] * z[2] + z[3] * z[3]) - second) < 1e-5)
  }

  @Test func seedsOfDifferentPurposesDiffer() {
    let seeds = (0..<1000).flatMap { step in (0..<4).map { derivedSeed(1, UInt64(step), $0) } }
    #expect(Set(seeds).count == seeds.count)
  }

  /// The words of counter 0 under key 0 (Random123's known answers) stand at elements 0, 16, 32 and 48 of a mask.
  @Test(arguments: [(0, 0x6627_e8d5), (16, 0xe169_c58d), (32, 0xbc57_ac4c), (48, 0x9b00_dbd8)])
  func masksOfDropoutArePhilox(element: Int, word: Int) throws {
    let dropout = try Operation(finding: "gan::dropout")
    let share = Double(word) / 4_294_967_296
    for (rate, isKept) in [(share - 1e-6, true), (share + 1e-6, false)] {
      let mask = dropout(.tensor(Tensor.ones([64])), .double(rate), .int(0)).array(of: Float.self)
      #expect((mask[element] > 0) == isKept)
    }
  }

  /// Neighbouring elements, and those of neighbouring groups, are dropped independently of one another.
  @Test(arguments: [1, 16, 64]) func masksAreNotCorrelated(distance: Int) throws {
    let dropout = try Operation(finding: "gan::dropout")
    let count = 200_000
    let mask = dropout(.tensor(Tensor.ones([count], dtype: .float64)), .double(0.5), .int(7)) - 1
    let product = mask[0..<(count - distance)] * mask[distance..<count]
    // The mean of so many products of independent signs has a deviation of 0.0022.
    #expect(abs(product.mean().item) < 0.01)
  }
}
