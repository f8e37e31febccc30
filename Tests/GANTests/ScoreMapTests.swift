import GAN
import TestFixtures
import Testing

/// Objectives and penalties where an image has a map of scores, `[N, 1, h, w]`.
@Suite struct ScoreMapTests {
  private static func draws(_ seed: UInt64, _ shape: [Int]) -> Tensor {
    let tensor = Tensor.empty(shape, dtype: .float64)
    tensor.fillNormal(using: RandomGenerator(seed: seed))
    return tensor
  }

  /// Every score counts alike: the losses are those of the patches as images of their own.
  @Test(arguments: ObjectiveKind.allCases) func lossesAreThoseOfThePatches(kind: ObjectiveKind) {
    let maps = (Scores(Self.draws(1, [3, 1, 2, 4])), Scores(Self.draws(2, [3, 1, 2, 4])))
    let patches = (Scores(maps.0.tensor.reshaped(24, 1)), Scores(maps.1.tensor.reshaped(24, 1)))
    let objective = kind.objective
    let losses = (
      objective.discriminatorLoss(real: maps.0, fake: maps.1), objective.generatorLoss(real: maps.0, fake: maps.1)
    )
    let (ofD, ofG) = (
      objective.discriminatorLoss(real: patches.0, fake: patches.1),
      objective.generatorLoss(real: patches.0, fake: patches.1)
    )
    #expect(losses.0.tensor.shape.isEmpty && losses.1.tensor.shape.isEmpty)
    #expect(losses.0.tensor.deviation(from: ofD.tensor) < 1e-14)
    #expect(losses.1.tensor.deviation(from: ofG.tensor) < 1e-14)
  }

  /// Of four scores w x of an image x the mean has the slope mean(w).
  @Test func slopesAreThoseOfEachMapsMean() {
    let weights = Tensor([1.0, 2, 3, 6], shape: [1, 1, 2, 2])
    func judge(_ images: Images) -> Scores { Scores(weights * images.tensor.sum(axes: [1, 2, 3], keepingAxes: true)) }
    let images = Images(Self.draws(3, [5, 2, 1, 1]))
    let leaf = images.requiringGradient()
    #expect(judge(leaf).tensor.shape == [5, 1, 2, 2])
    // Two numbers an image, each with the slope 3.
    #expect(abs(ZeroCenteredPenalty(weight: 2)(judge(leaf), at: leaf).value - 18) < 1e-13)
    let excess = 18.0.squareRoot() - 1
    let penalty = GradientPenalty(weight: 1)(real: images, fake: images, mix: .ones([5, 1, 1, 1]), judge)
    #expect(abs(penalty.value - excess * excess) < 1e-13)
  }

  @Test func topKRanksImagesByTheMeanOfTheirScores() throws {
    let scores = Tensor([9.0, -9, 2, 1, 4, 3, -1, 0], shape: [4, 1, 1, 2]).requiringGradient()
    let best = TopK(share: 0.5, steps: 0)(Scores(scores), step: 0)
    #expect(best.tensor.shape == [2, 1, 1, 2])
    #expect(best.tensor.array(of: Double.self) == [4, 3, 2, 1])
    let gradient = try #require(gradients(of: best.mean().tensor, with: [scores])[0])
    #expect(gradient.array(of: Double.self) == [0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0])
  }

  @Test func runningMeansAndConsistencyTakeMaps() {
    let (maps, others) = (Scores(Self.draws(4, [3, 1, 2, 2])), Scores(Self.draws(5, [3, 1, 2, 2])))
    let averages = ScoreAverages()
    averages.update(real: maps, fake: others)
    #expect(averages.real.deviation(from: maps.tensor.mean()) < 1e-14)
    let expected =
      (maps.tensor - others.tensor.mean()).squared().mean()
      + (others.tensor - maps.tensor.mean()).squared().mean()
    #expect(LeCam(weight: 1)(real: maps, fake: others, averages: averages).tensor.deviation(from: expected) < 1e-14)
    let difference = (maps.tensor - others.tensor).squared().mean()
    #expect(Consistency(weight: 1)(maps, augmented: others).tensor.deviation(from: difference) < 1e-14)
  }
}
