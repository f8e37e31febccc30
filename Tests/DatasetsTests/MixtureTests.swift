import Datasets
import Testing

struct MixtureTests {
  @Test(arguments: [Mixture.ring8, .grid25]) func pointsScatterAboutTheirModes(mixture: Mixture) {
    let count = 20_000
    let (points, labels) = mixture.sample(count, split: .train, seed: 3)
    #expect(points.count == 2 * count && labels.count == count)
    #expect(points.allSatisfy { abs($0) < 1 })

    var seen = [Int](repeating: 0, count: mixture.centres.count)
    var (squares, sumX, sumY, furthest) = (0.0, 0.0, 0.0, 0.0)
    for (index, label) in labels.enumerated() {
      let centre = mixture.centres[Int(label)]
      let x = Double(points[2 * index] / mixture.scale - centre.x) / Double(mixture.deviation)
      let y = Double(points[2 * index + 1] / mixture.scale - centre.y) / Double(mixture.deviation)
      seen[Int(label)] += 1
      squares += x * x + y * y
      sumX += x
      sumY += y
      furthest = max(furthest, abs(x), abs(y))
    }
    #expect(furthest > 3 && furthest < 6)
    // Four standard errors each.
    #expect(abs(squares / Double(2 * count) - 1) < 0.029)
    #expect(abs(sumX / Double(count)) < 0.029 && abs(sumY / Double(count)) < 0.029)
    let expected = Double(count) / Double(seen.count)
    #expect(seen.allSatisfy { abs(Double($0) - expected) < 4 * expected.squareRoot() })
  }

  @Test func centresAreThoseOfTheLiterature() {
    let ring = Mixture.ring8.centres
    #expect(ring.count == 8 && Set(ring).count == 8)
    #expect(ring.allSatisfy { abs($0.x * $0.x + $0.y * $0.y - 4) < 1e-5 })
    let side: [Float] = [-4, -2, 0, 2, 4]
    #expect(Mixture.grid25.centres.map(\.y) == side.flatMap { [Float](repeating: $0, count: 5) })
    #expect(Mixture.grid25.centres.map(\.x) == (0..<5).flatMap { _ in side })
    #expect(Mixture.ring8.deviation == 0.02 && Mixture.grid25.deviation == 0.05)
  }

  @Test func aPointDependsOnSeedSplitAndIndexAlone() {
    let long = Mixture.grid25.sample(100, split: .train, seed: 7)
    let short = Mixture.grid25.sample(10, split: .train, seed: 7)
    #expect(short.points == Array(long.points[..<20]) && short.labels == Array(long.labels[..<10]))
    #expect(short.points != Mixture.grid25.sample(10, split: .test, seed: 7).points)
    #expect(short.points != Mixture.grid25.sample(10, split: .train, seed: 8).points)
    #expect(Mixture.ring8.sample(0, split: .train).points.isEmpty)
  }
}
