import Foundation
import Metrics
import Testing
import Torch

@Suite struct ClassHistogramTests {
  @Test func divergenceAgreesWithSciPy() throws {
    let given = try fixture("divergence")["classes"]
    let data = ClassHistogram(counts: try given["data"].array(of: Int64.self).map(Int.init))
    let samples = ClassHistogram(counts: try given["samples"].array(of: Int64.self).map(Int.init))
    #expect(relativeError(try samples.divergence(from: data), try given["divergence"].item) < 1e-12)
  }

  @Test func samplesFallIntoTheClassOfTheLargestLogit() throws {
    var histogram = ClassHistogram(classes: 3)
    try histogram.add(Tensor([Float(1), 2, 3, -1, -2, -3], shape: [2, 3]))
    try histogram.add(Tensor([Float(0), 5, 3], shape: [1, 3]))
    #expect(histogram.counts == [1, 1, 1])
    #expect(histogram.hit == 3)
    #expect(sentence { try histogram.add(Tensor([Float(0), 5], shape: [1, 2])) } != nil)
    #expect(sentence { try histogram.add(Tensor([Float(0), .nan, 1], shape: [1, 3])) }?.contains("sample 3") == true)
    #expect(sentence { try histogram.add(classes: [3]) }?.contains("class 3") == true)
    #expect(histogram.total == 3)
  }

  @Test func aCollapsedGeneratorIsLogOfTheClassesAway() throws {
    let data = ClassHistogram(counts: [100, 100, 100, 100])
    #expect(abs(try ClassHistogram(counts: [0, 50, 0, 0]).divergence(from: data) - log(4)) < 1e-12)
    #expect(try ClassHistogram(counts: [7, 7, 7, 7]).divergence(from: data) == 0)
    // A class that the data lack is far, not infinitely far.
    let far = try ClassHistogram(counts: [0, 5]).divergence(from: ClassHistogram(counts: [50, 0]))
    #expect(abs(far - log(100)) < 1e-12)
    #expect(sentence { _ = try ClassHistogram(classes: 4).divergence(from: data) }?.contains("0 samples") == true)
  }

  /// Of two samples in two classes half the pairs are equal (log 2), half are not (0); of many, (K − 1) / 2n.
  @Test func theFloorByChanceIsExact() {
    #expect(abs(ClassHistogram(counts: [1, 1]).expectedDivergence(samples: 2) - log(2) / 2) < 1e-14)
    #expect(abs(ClassHistogram(counts: [4, 4]).expectedDivergence(samples: 1) - log(2)) < 1e-14)
    let ten = ClassHistogram(counts: [Int](repeating: 1000, count: 10)).expectedDivergence(samples: 10_000)
    #expect(relativeError(ten, 9.0 / 20_000) < 1e-3)
    let uneven = ClassHistogram(counts: [10, 200, 3000, 0]).expectedDivergence(samples: 100_000)
    #expect(relativeError(uneven, 2.0 / 200_000) < 1e-2)
    #expect(ClassHistogram(counts: [5, 0]).expectedDivergence(samples: 9) == 0)
    #expect(abs(ClassHistogram(counts: [1, 1]).expectedHit(samples: 2) - 1.5) < 1e-14)
    #expect(abs(ClassHistogram(counts: [7, 0]).expectedHit(samples: 2) - 1) < 1e-14)
  }

  @Test func theBootstrapsDeviationIsThatOfOtherSamples() throws {
    let data = ClassHistogram(counts: [500, 300, 200])
    let random = RandomGenerator(seed: 4)
    // Draws whose classes have other shares than the data, so that the divergence is far from its floor.
    let scores = try (0..<60).map { _ in
      let numbers = Tensor.empty([400])
      numbers.fillUniform(0, 1, using: random)
      var histogram = ClassHistogram(classes: 3)
      try histogram.add(classes: numbers.array(of: Float.self).map { $0 < 0.2 ? 0 : $0 < 0.5 ? 1 : 2 })
      return try histogram.score(against: data, seed: 9)
    }
    let estimated = (scores.reduce(0) { $0 + $1.deviation * $1.deviation } / 60).squareRoot()
    let ratio = estimated / deviation(scores.map(\.value))
    #expect((0.75...1.35).contains(ratio), "the bootstrap says \(ratio) of the deviation seen")
  }
}
