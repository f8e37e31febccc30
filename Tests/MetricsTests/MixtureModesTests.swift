import Datasets
import Foundation
import Metrics
import Testing
import Torch

/// The numbers of `points`, x and y in the data's units.
private func judged(_ mixture: Mixture, _ points: [Float], batches: Int = 1) throws -> MixtureModes {
  var modes = MixtureModes(mixture)
  let tensor = Tensor(points, shape: [points.count / 2, 2, 1, 1])
  let size = tensor.size(0) / batches
  for batch in 0..<batches { try modes.add(tensor[batch * size..<(batch + 1) * size]) }
  return modes
}

/// A point at the centre of every mode, `(dx, dy)` deviations beside it.
private func points(_ mixture: Mixture, _ dx: Float, _ dy: Float) -> [Float] {
  mixture.centres.flatMap { centre in
    [(centre.x + dx * mixture.deviation) * mixture.scale, (centre.y + dy * mixture.deviation) * mixture.scale]
  }
}

@Suite struct MixtureModesTests {
  @Test(arguments: [Mixture.ring8.name, Mixture.grid25.name])
  func theMixturesOwnSamplesAreRight(name: String) throws {
    let mixture = name == "ring8" ? Mixture.ring8 : .grid25
    let judged = try judged(mixture, mixture.sample(20_000, split: .test).points, batches: 4)
    let quality = try #require(judged.quality())
    #expect(quality.fakeCount == 20_000)
    #expect(abs(quality.value - (1 - exp(-4.5))) < 4 * quality.deviation)
    #expect(abs(quality.deviation - 0.00074) < 1e-4)
    let modes = judged.modes(seed: 1)
    #expect(modes.value == Double(mixture.centres.count) && modes.deviation == 0)
    let spread = try #require(judged.spread())
    #expect(abs(spread.value - 1) < 4 * spread.deviation)
    #expect(spread.deviation < 0.01)
    let balanced = ClassHistogram(counts: mixture.centres.map { _ in 1 })
    #expect(try judged.nearest.divergence(from: balanced) < 3e-3)
  }

  @Test func aCollapsedModeHasNoSpreadWhereverItIs() throws {
    let spread = try judged(.ring8, points(.ring8, 1.5, -1) + points(.ring8, 1.5, -1)).spread()
    #expect(try #require(spread).value < 1e-3)
  }

  @Test func threeDeviationsAreTheLimit() throws {
    let inside = try judged(.grid25, points(.grid25, 2.99, 0))
    let outside = try judged(.grid25, points(.grid25, 0, 3.01))
    #expect(inside.quality()?.value == 1 && inside.modes(seed: 1).value == 25)
    #expect(outside.quality()?.value == 0 && outside.modes(seed: 1).value == 0)
    #expect(outside.nearest.counts == [Int](repeating: 1, count: 25))
    #expect(outside.spread() == nil)
  }

  /// Four points at one deviation from a centre: the variance about their mean is 4 · 1 / (2 · 3) an axis.
  @Test func theSpreadOfKnownPoints() throws {
    let cross = [(Float(1), Float(0)), (-1, 0), (0, 1), (0, -1)].flatMap { Array(points(.ring8, $0.0, $0.1)[0..<2]) }
    let spread = try #require(try judged(.ring8, cross).spread())
    let kept = 1 - 4.5 * exp(-4.5) / (1 - exp(-4.5))
    #expect(abs(spread.value - (4.0 / 6 / kept).squareRoot()) < 1e-4)
  }

  @Test func noPointsAreNoScoreAndOtherShapesAnError() throws {
    var modes = MixtureModes(.ring8)
    #expect(modes.quality() == nil && modes.spread() == nil)
    #expect(sentence { try modes.add(Tensor.zeros([4, 3, 1, 1])) }?.contains("[4, 3, 1, 1]") == true)
    #expect(sentence { try modes.add(Tensor([Float(0), .nan], shape: [1, 2])) }?.contains("sample 0") == true)
    #expect(modes.nearest.total == 0)
  }
}
