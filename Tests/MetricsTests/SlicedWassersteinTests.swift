import Metrics
import Testing
import Torch

@Suite struct SlicedWassersteinTests {
  @Test(arguments: try fixture("sliced_wasserstein").cases())
  func agreesWithPOT(name: String) throws {
    let given = try fixture("sliced_wasserstein")[name]
    let score = try SlicedWasserstein(seed: 1)(
      real: given["real"], fake: given["fake"], directions: given["projections"])
    #expect(relativeError(score.value, try given["distance"].item) < 1e-12)
  }

  /// A shift by t moves every projection by t·direction: the root of the mean square is |t| / √D.
  @Test func ofAShiftIsItsLengthOverTheRootOfTheDimension() throws {
    let rows = normalRows(50, 16)
    let score = try SlicedWasserstein(projections: 4000, seed: 3)(real: rows, fake: rows + 2)
    #expect(abs(score.value - 2) < 0.06)
    #expect(try SlicedWasserstein(seed: 3)(real: rows, fake: rows).value == 0)
  }

  @Test func directionsAreTheSeedsAlone() throws {
    let (real, fake) = (normalRows(40, 8), normalRows(30, 8, mean: 0.5, seed: 2))
    let first = try SlicedWasserstein(projections: 9, seed: 5)(real: real, fake: fake)
    #expect(try SlicedWasserstein(projections: 9, seed: 5)(real: real, fake: fake) == first)
    #expect(try SlicedWasserstein(projections: 9, seed: 6)(real: real, fake: fake).value != first.value)
  }

  @Test func theJackknifesDeviationIsThatOfOtherSamples() throws {
    let real = normalRows(400, 3)
    let distance = SlicedWasserstein(projections: 16, seed: 1)
    let scores = try (0..<40).map { try distance(real: real, fake: normalRows(300, 3, mean: 1, seed: 100 + $0)) }
    let estimated = (scores.reduce(0) { $0 + $1.deviation * $1.deviation } / 40).squareRoot()
    let ratio = estimated / deviation(scores.map(\.value))
    #expect((0.75...1.35).contains(ratio), "the jackknife says \(ratio) of the deviation seen")
    #expect(try distance(real: real, fake: normalRows(19, 3)).deviation.isNaN)
  }

  @Test func otherFeaturesAreAnError() {
    #expect(sentence { _ = try SlicedWasserstein(seed: 1)(real: normalRows(5, 3), fake: normalRows(5, 2)) } != nil)
    #expect(
      sentence { _ = try SlicedWasserstein(seed: 1)(real: normalRows(5, 3), fake: normalRows(0, 3)) }?
        .contains("0 generated") == true)
  }
}
