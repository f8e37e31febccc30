import Datasets
import Testing

struct CounterRandomTests {
  @Test func equalKeysRepeatAndOthersDiffer() {
    func draws(_ seed: UInt64, _ stream: UInt64, _ index: Int) -> [UInt64] {
      var random = CounterRandom(seed: seed, stream: stream, index: index)
      return (0..<4).map { _ in random.next() }
    }
    #expect(draws(1, 2, 3) == draws(1, 2, 3))
    let keys: [(UInt64, UInt64, Int)] = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 2), (1, 1, 1)]
    #expect(Set(keys.flatMap { draws($0.0, $0.1, $0.2) }).count == 4 * keys.count)
  }

  @Test func drawsHaveTheirStatedMomentsAndBounds() {
    let count = 100_000
    var random = CounterRandom(seed: 1, stream: 0, index: 0)
    var (uniform, bell, bellSquares, outside) = (0.0, 0.0, 0.0, 0)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<count {
      let flat = random.uniform()
      let round = random.bell()
      if flat < 0 || flat >= 1 || abs(round) > 3.47 { outside += 1 }
      uniform += Double(flat)
      bell += Double(round)
      bellSquares += Double(round * round)
      counts[random.below(7)] += 1
    }
    #expect(outside == 0)
    // Four standard errors each.
    #expect(abs(uniform / Double(count) - 0.5) < 0.0037)
    #expect(abs(bell / Double(count)) < 0.0127)
    #expect(abs(bellSquares / Double(count) - 1) < 0.015)
    #expect(counts.allSatisfy { abs(Double($0) - Double(count) / 7) < 443 })
  }
}
