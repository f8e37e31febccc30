import Metrics
import Testing
import Torch

@Suite struct KernelDistanceTests {
  @Test(arguments: try fixture("kernel_distance").cases())
  func agreesWithTorchFidelity(name: String) throws {
    let given = try fixture("kernel_distance")[name]
    let score = try KernelDistance(seed: 1)(
      real: given["real"], fake: given["fake"], realSubsets: given["real_subsets"], fakeSubsets: given["fake_subsets"])
    #expect(relativeError(score.value, try given["mean"].item) < 1e-10)
    if try given.whole("subsets") > 1 { #expect(relativeError(score.deviation, try given["deviation"].item) < 1e-10) }
    let single = try KernelDistance(seed: 1)(
      real: given["real"].to(.float32), fake: given["fake"].to(.float32), realSubsets: given["real_subsets"],
      fakeSubsets: given["fake_subsets"])
    #expect(abs(single.value - score.value) < 1e-5)
    #expect(try score.realCount == given["real"].size(0))
    #expect(try score.fakeCount == given["fake"].size(0))
  }

  @Test func subsetsAreTheSeedsAlone() throws {
    let (real, fake) = (normalRows(80, 6), normalRows(90, 6, mean: 0.3, seed: 2))
    let first = try KernelDistance(subsets: 4, subsetSize: 30, seed: 5)(real: real, fake: fake)
    #expect(try KernelDistance(subsets: 4, subsetSize: 30, seed: 5)(real: real, fake: fake) == first)
    #expect(try KernelDistance(subsets: 4, subsetSize: 30, seed: 6)(real: real, fake: fake) != first)
  }

  @Test func samplesOfTheDataHaveZeroAndOthersMore() throws {
    let distance = KernelDistance(subsets: 50, subsetSize: 100, seed: 1)
    let real = normalRows(2000, 4)
    let same = try distance(real: real, fake: normalRows(2000, 4, seed: 2))
    #expect(abs(same.value) < 3 * same.deviation / 50.0.squareRoot() + 0.01)
    #expect(try distance(real: real, fake: normalRows(2000, 4, mean: 0.5, seed: 2)).value > 0.3)
  }

  @Test func subsetsShrinkToTheSamplesThatThereAre() throws {
    let whole = try fixture("kernel_distance")["whole"]
    let score = try KernelDistance(seed: 3)(real: whole["real"], fake: whole["fake"])
    #expect(relativeError(score.value, try whole["mean"].item) < 1e-10)
    #expect(score.deviation.isNaN)
    #expect(
      sentence { _ = try KernelDistance(seed: 1)(real: normalRows(9, 2), fake: normalRows(1, 2)) }?.contains(
        "9 real and 1") == true)
    #expect(sentence { _ = try KernelDistance(seed: 1)(real: normalRows(9, 2), fake: normalRows(9, 3)) } != nil)
  }
}
