import Metrics
import Testing
import Torch

@Suite struct ManifoldTests {
  @Test(arguments: try fixture("manifold").cases(), [3, 5])
  func countsAgreeWithPRDC(name: String, k: Int) throws {
    let given = try fixture("manifold")[name]
    let real = try Manifold(given["real"], neighbours: [k])
    let scores = try real.scores(of: given["fake"], precisionNeighbours: k, densityNeighbours: k)
    // Shares of at most 90 samples, so that one sample more or less is far from rounding.
    #expect(abs(scores.precision.value - (try given["precision\(k)"].item)) < 1e-12)
    #expect(abs(scores.recall.value - (try given["recall\(k)"].item)) < 1e-12)
    #expect(abs(scores.density.value - (try given["density\(k)"].item)) < 1e-12)
    #expect(abs(scores.coverage.value - (try given["coverage\(k)"].item)) < 1e-12)
  }

  @Test func differentNeighboursAreTakenTogether() throws {
    let given = try fixture("manifold")["overlapping"]
    let scores = try Manifold(given["real"]).scores(of: given["fake"])
    #expect(abs(scores.precision.value - (try given["precision3"].item)) < 1e-12)
    #expect(abs(scores.recall.value - (try given["recall3"].item)) < 1e-12)
    #expect(abs(scores.density.value - (try given["density5"].item)) < 1e-12)
    #expect(abs(scores.coverage.value - (try given["coverage5"].item)) < 1e-12)
  }

  /// Distances far smaller than the rows are long, which float32 products could not tell from zero, and more rows
  /// than a block holds; copies must lie in each other's balls.
  @Test(arguments: [0.0, 1e3])
  func copiesLieInsideWhereverTheyAre(offset: Double) throws {
    let rows = normalRows(2100, 8, deviation: 1e-3) + offset
    let scores = try Manifold(rows).scores(of: rows)
    #expect(scores.precision.value == 1 && scores.recall.value == 1 && scores.coverage.value == 1)
    #expect(abs(scores.density.value - 1) < 1e-12)
  }

  /// float32 features, in one block and in several: the same shares as in float64, where no ball is as small as rounding.
  @Test(arguments: [300, 1500])
  func singlePrecisionGivesTheSameCounts(count: Int) throws {
    let (real, fake) = (normalRows(count, 24).to(.float32), normalRows(count, 24, mean: 0.1, seed: 2).to(.float32))
    let single = try Manifold(real).scores(of: fake)
    let double = try Manifold(real.to(.float64)).scores(of: fake.to(.float64))
    // A pair in a hundred thousand is within rounding of a radius.
    #expect(abs(single.precision.value - double.precision.value) < 1.5 / Double(count))
    #expect(abs(single.recall.value - double.recall.value) < 1.5 / Double(count))
    #expect(abs(single.density.value - double.density.value) < 3 / Double(count))
    #expect(abs(single.coverage.value - double.coverage.value) < 1.5 / Double(count))
  }

  /// Clusters so far apart that float32 products see nothing within them; and a memorised set with copies.
  @Test func singlePrecisionIsLeftWhereItCannotTellNeighboursApart() throws {
    let clusters = normalRows(200, 4).to(.float32) + Tensor((0..<200).map { Float($0 % 2) * 1e4 }, shape: [200, 1])
    let scores = try Manifold(clusters).scores(of: clusters)
    let expected = try Manifold(clusters.to(.float64)).scores(of: clusters.to(.float64))
    #expect(scores.density == expected.density && scores.precision == expected.precision)
    let copies = Tensor.concatenated([clusters, clusters[0..<50], clusters[0..<50], clusters[0..<50], clusters[0..<50]])
    let radius = try #require(try Manifold(copies).radii[3])
    #expect(radius[0..<50].max().item < 1e-2 && radius[50..<200].min().item > 2e-2)
  }

  /// A few samples of a diverged generator far away must not blur the distances of the others.
  @Test func farSamplesDoNotTouchTheOthers() throws {
    let (real, fake) = (normalRows(200, 4).to(.float32), normalRows(100, 4, seed: 2).to(.float32))
    let alone = try Manifold(real).scores(of: fake)
    let mixed = try Manifold(real).scores(of: .concatenated([fake, (fake[0..<50] + 1) * 1e5]))
    #expect(abs(mixed.precision.value * 150 - alone.precision.value * 100) < 1e-9)
    #expect(abs(mixed.density.value * 150 - alone.density.value * 100) < 1e-9)
    #expect(
      mixed.coverage == Score(alone.coverage.value, deviation: alone.coverage.deviation, realCount: 200, fakeCount: 150)
    )
    #expect(mixed.recall.value >= alone.recall.value)
  }

  /// Samples that have collapsed to a point need float64 where the data do not; the data's mean is far from zero.
  @Test func aCollapsedGeneratorIsHeldAgainstDataInSinglePrecision() throws {
    let real = normalRows(300, 4, mean: 100).to(.float32)
    let fake = Tensor.concatenated([Tensor](repeating: real[7..<8], count: 40))
    let scores = try Manifold(real).scores(of: fake)
    let expected = try Manifold(real.to(.float64)).scores(of: fake.to(.float64))
    #expect(scores.precision.value == 1 && scores.recall.value == 0)
    #expect(scores.density == expected.density && scores.coverage == expected.coverage)
  }

  @Test func radiiAreThoseOfAllPairs() throws {
    let rows = normalRows(1500, 3)
    let expected = (0..<1500).map { index in
      ((rows - rows[index]).squared().sum(axes: [1]).array(of: Double.self).sorted()[4]).squareRoot()
    }
    let radii = try #require(try Manifold(rows, neighbours: [4]).radii[4])
    #expect((radii - Tensor(expected)).abs().max().item < 1e-12)
  }

  @Test func cachedRadiiGiveTheSameScores() throws {
    let (rows, fake) = (normalRows(60, 3), normalRows(50, 3, seed: 2))
    let first = try Manifold(rows)
    let (a, b) = (try first.scores(of: fake), try Manifold(rows, radii: first.radii).scores(of: fake))
    #expect(a.density == b.density && a.precision == b.precision && a.recall == b.recall && a.coverage == b.coverage)
  }

  @Test func deviationsAreStandardErrors() throws {
    let given = try fixture("manifold")["overlapping"]
    let scores = try Manifold(given["real"]).scores(of: given["fake"])
    let p = scores.recall.value
    #expect(abs(scores.recall.deviation - (p * (1 - p) / 80).squareRoot()) < 1e-15)
    #expect(scores.density.deviation > 0.05 && scores.density.deviation < 0.3)
    #expect(scores.precision.realCount == 80 && scores.precision.fakeCount == 70)
  }

  @Test func errorsSayWhatIsMissing() throws {
    #expect(
      sentence { _ = try Manifold(normalRows(5, 2)) }?.contains("needs at least 6 samples; there are 5") == true)
    let real = try Manifold(normalRows(20, 2), neighbours: [3])
    #expect(sentence { _ = try real.scores(of: normalRows(20, 2)) }?.contains("k = [3]") == true)
    #expect(sentence { _ = try Manifold(normalRows(20, 2)).scores(of: normalRows(20, 3)) } != nil)
    #expect(sentence { _ = try Manifold(normalRows(20, 2), radii: [3: Tensor([1.0])]) } != nil)
  }
}
