import Foundation
import Metrics
import Testing
import Torch

/// The accumulator of `features`, added `batch` rows at a time.
private func accumulated(_ features: Tensor, batch: Int = 1000, parts: Int = 10) throws -> GaussianAccumulator {
  let accumulator = GaussianAccumulator(parts: parts)
  for start in stride(from: 0, to: features.size(0), by: batch) {
    try accumulator.add(features[start..<min(start + batch, features.size(0))])
  }
  return accumulator
}

@Suite struct GaussianStatisticsTests {
  @Test(arguments: try fixture("frechet_distance").cases(), [7, 1000])
  func momentsAgreeWithNumPy(name: String, batch: Int) throws {
    let given = try fixture("frechet_distance")[name]
    let statistics = try accumulated(given["real"], batch: batch).statistics()
    let scale = try given["covariance"].abs().max().item
    #expect((statistics.mean - (try given["mean"])).abs().max().item < 1e-12 * (try given["mean"]).abs().max().item)
    #expect((statistics.covariance - (try given["covariance"])).abs().max().item < 1e-10 * scale)
  }

  @Test func aMeanFarFromZeroCostsNoDigits() throws {
    let features = normalRows(6000, 3, deviation: 1e-3)
    let near = try accumulated(features, batch: 64).statistics().covariance
    // 2^20 more leaves 2^-33 of the deviation of 2^-10 to each number.
    let far = try accumulated(features + 0x1p20, batch: 64).statistics().covariance
    #expect((near - far).abs().max().item < 1e-6 * near.abs().max().item)
  }

  @Test(arguments: [1, 3, 10], [1, 64, 3000])
  func leavingAPartOutIsAsNeverHavingAddedIt(parts: Int, batch: Int) throws {
    let features = normalRows(5003, 4)
    let all = try accumulated(features, batch: batch, parts: parts)
    #expect(all.count == 5003)
    guard parts > 1 else { return }
    for part in [0, parts - 1] {
      let kept = (0..<5003).filter { $0 % parts != part }.map { features[$0] }
      let expected = try accumulated(.stacked(kept)).statistics()
      let statistics = try all.statistics(without: part)
      #expect(statistics.count == kept.count)
      #expect((statistics.mean - expected.mean).abs().max().item < 1e-12)
      #expect((statistics.covariance - expected.covariance).abs().max().item < 1e-12)
    }
  }

  @Test func errorsNameTheSampleAndTheSizes() throws {
    let accumulator = GaussianAccumulator()
    #expect(sentence { _ = try accumulator.statistics() }?.contains("0 samples") == true)
    try accumulator.add(normalRows(3, 4))
    #expect(
      sentence { try accumulator.add(normalRows(3, 5)) }?.contains("5 numbers per sample, but earlier ones had 4")
        == true)
    let broken = normalRows(4, 4)
    broken[2].fill(.nan)
    #expect(sentence { try accumulator.add(broken) }?.contains("sample 5 are not finite") == true)
    #expect(sentence { try accumulator.add(normalRows(3, 4)[0]) }?.contains("[4]") == true)
    #expect(accumulator.count == 3)
    _ = try accumulator.statistics()
  }
}

@Suite struct FrechetDistanceTests {
  @Test(arguments: try fixture("frechet_distance").cases())
  func agreesWithTheOriginals(name: String) throws {
    let given = try fixture("frechet_distance")[name]
    let distance = try FrechetDistance(real: accumulated(given["real"]).statistics())
    let value = try distance(accumulated(given["fake"]).statistics())
    #expect(relativeError(value, try given["clean_fid"].item) < 1e-6)
    #expect(relativeError(value, try given["torch_fidelity"].item) < 1e-6)
  }

  @Test func ofGaussiansOfKnownMoments() throws {
    let identity = Tensor([1.0, 0, 0, 1], shape: [2, 2])
    let real = GaussianStatistics(count: 100, mean: Tensor([0.0, 0]), covariance: identity)
    let fake = GaussianStatistics(count: 100, mean: Tensor([3.0, 4]), covariance: identity * 9)
    // 25, and (3 − 1)² along each of two axes.
    #expect(abs(try FrechetDistance(real: real)(fake) - 33) < 1e-12)
    #expect(try FrechetDistance(real: real)(real) < 1e-12)
  }

  @Test func aCachedRootGivesTheSameDistance() throws {
    let (real, fake) = (try accumulated(normalRows(90, 5)).statistics(), try accumulated(normalRows(90, 5, seed: 2)))
    let first = try FrechetDistance(real: real)
    let second = try FrechetDistance(real: real, root: first.root)
    #expect(try first.score(fake) == second.score(fake))
  }

  @Test func theJackknifesDeviationIsThatOfOtherSamples() throws {
    let distance = try FrechetDistance(real: accumulated(normalRows(4000, 4)).statistics())
    let scores = try (0..<40).map { try distance.score(accumulated(normalRows(500, 4, mean: 0.5, seed: 100 + $0))) }
    let estimated = (scores.reduce(0) { $0 + $1.deviation * $1.deviation } / 40).squareRoot()
    let ratio = estimated / deviation(scores.map(\.value))
    #expect((0.75...1.35).contains(ratio), "the jackknife says \(ratio) of the deviation seen")
    #expect(scores.allSatisfy { $0.realCount == 4000 && $0.fakeCount == 500 })
  }

  @Test func fewSamplesHaveNoDeviationAndOtherFeaturesNoDistance() throws {
    let distance = try FrechetDistance(real: accumulated(normalRows(50, 3)).statistics())
    #expect(try distance.score(accumulated(normalRows(19, 3))).deviation.isNaN)
    #expect(try distance.score(accumulated(normalRows(20, 3))).deviation.isFinite)
    #expect(
      sentence { _ = try distance.score(accumulated(normalRows(20, 4))) }?.contains("4 features and the data 3") == true
    )
    #expect(sentence { _ = try distance.score(accumulated(normalRows(1, 3))) }?.contains("1 samples") == true)
  }
}
