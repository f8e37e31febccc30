import GAN
import TestFixtures
import Testing

@Suite struct RelativisticTests {
  private let real = Scores(Tensor([1.5, -0.5, 4], shape: [3, 1]))
  private let fake = Scores(Tensor([0.25, 2, -1], shape: [3, 1]))

  /// Only differences count: scores that all rise by the same change nothing.
  @Test(arguments: [ObjectiveKind.relativisticPairing, .relativisticAverage])
  func aCommonShiftChangesNothing(kind: ObjectiveKind) {
    let objective = kind.objective
    #expect(!objective.isLogistic)
    for loss in [objective.discriminatorLoss, objective.generatorLoss] {
      #expect(abs(loss(real + 8, fake + 8).value - loss(real, fake).value) < 1e-14)
      #expect(abs(loss(real + 8, fake).value - loss(real, fake).value) > 0.5)
    }
  }

  /// What G minimises is what D would, were real and generated images exchanged.
  @Test(arguments: [ObjectiveKind.relativisticPairing, .relativisticAverage])
  func theGameIsSymmetric(kind: ObjectiveKind) {
    let objective = kind.objective
    #expect(
      objective.generatorLoss(real: real, fake: fake).value
        == objective.discriminatorLoss(real: fake, fake: real).value)
    #expect(
      objective.generatorLoss(real: real, fake: fake).value
        > objective.discriminatorLoss(real: real, fake: fake).value)
  }
}
