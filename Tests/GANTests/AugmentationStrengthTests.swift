import GAN
import TestFixtures
import Testing

/// The probability of augmentation that follows how surely D tells images apart.
@Suite struct AugmentationStrengthTests {
  private func strength(_ assignments: [String]) throws -> AugmentationStrength? {
    AugmentationStrength(try tinyRecipe(.dcgan, ["augment=color"] + assignments), device: .cpu)
  }

  private func scores(_ values: [Double]) -> Scores { Scores(Tensor(values, shape: [values.count, 1])) }

  /// Of eight images, five above zero and three below: a mean sign of a quarter.
  private let real = [1.0, 2, 3, 4, 5, -1, -1, -1]

  @Test func itMovesAtEachFourthUpdateByTheSignOfTheDifference() throws {
    let strength = try #require(try strength(["augment_target=0.2", "augment_steps=16", "augment_probability=0.6"]))
    func play(_ moves: Range<Int>, _ real: [Double]) -> [Double] {
      moves.map { move in
        let seen = strength.observe(real: scores(real), fake: scores([0]), move: move, isLastPart: true)
        #expect(seen.item == (real == self.real ? 0.25 : 0))
        return strength.probability.item
      }
    }
    // Each change is 4 / 16, and the limit 0.6.
    #expect(play(0..<12, real) == [0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.6])
    let even = [1.0, -1, 1, -1, 1, -1, 1, -1]
    let fall = play(12..<24, even)
    #expect(abs(fall[3] - 0.35) < 1e-12 && abs(fall[7] - 0.1) < 1e-12 && fall[11] == 0)
  }

  /// Parts of a batch count together, and the probability moves once they are complete.
  @Test func partsCountTogether() throws {
    let strength = try #require(try strength(["augment_target=0.2", "augment_steps=16"]))
    for move in 0..<4 {
      for part in 0..<2 {
        _ = strength.observe(
          real: scores(Array(real[part * 4..<part * 4 + 4])), fake: scores([0]), move: move, isLastPart: part == 1)
        #expect(strength.probability.item == (move == 3 && part == 1 ? 0.25 : 0))
      }
    }
  }

  /// Scores that mean something only beside others are compared with those of generated images.
  @Test func relativisticScoresAreCompared() throws {
    let strength = try #require(try strength(["augment_target=0.6", "objective=relativistic-pairing"]))
    let seen = strength.observe(
      real: scores([5, 6, 7, 8]), fake: scores([4, 7, 6, 7]), move: 0, isLastPart: true)
    #expect(seen.item == 0.5)
  }

  @Test func aConstantStaysAndCertaintyNeedsNone() throws {
    let constant = try #require(try strength(["augment_probability=0.3"]))
    #expect(!constant.isAdaptive && constant.probability.item == 0.3)
    #expect(try strength([]) == nil)
    #expect(AugmentationStrength(try tinyRecipe(.dcgan, ["augment_target=0.6"]), device: .cpu) == nil)
  }

  /// Each change is undergone by as many images as the probability says, independently of the other changes.
  @Test func soManyImagesAreChanged() {
    let images = Images(Tensor.ones([4_000, 1, 8, 8]))
    let changed = Augmentation([.color, .cutout], Tensor(0.25, dtype: .float64))(images, using: RandomStream(seed: 1))
    let rows = changed.tensor.reshaped(4_000, 64)
    let cut = (rows - rows.mean(axes: [1], keepingAxes: true)).abs().sum(axes: [1]).isGreater(than: 1e-3)
    let isCut = cut.to(.float32)
    let colored = (rows - 1).abs().min().item == 0
    #expect(colored && abs(isCut.mean().item - 0.25) < 0.03)
    // Of a picture of one value, color changes the corner's value unless the window covers it.
    let corner = rows.slice(1, from: 63, count: 1).reshaped(-1)
    let untouched = (corner - 1).abs().isLess(than: 1e-6).to(.float32)
    #expect(abs(untouched.mean().item - 0.75) < 0.08)
  }
}
