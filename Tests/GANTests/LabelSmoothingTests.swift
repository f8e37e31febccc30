import GAN
import TestFixtures
import Testing

@Suite struct LabelSmoothingTests {
  @Test(arguments: ObjectiveKind.allCases.filter(\.hasLabels))
  func lossesAndGradientsAgreeWithPyTorch(kind: ObjectiveKind) throws {
    let all = try fixture("objective")
    let expected = try all["smoothed.\(kind.rawValue.replacing("-", with: "_"))"]
    let given = try all[try expected.text("scores")]
    let (real, fake) = (try given["real"].requiringGradient(), try given["fake"].requiringGradient())
    let objective = kind.objective(smoothing: try expected.number("smoothing"))
    let loss = objective.discriminatorLoss(real: Scores(real), fake: Scores(fake)).tensor
    #expect(loss.deviation(from: try expected["loss_discriminator"]) < 1e-14)
    let found = gradients(of: loss, with: [real, fake])
    #expect(try #require(found[0]).deviation(from: try expected["grad_real"]) < 1e-14)
    #expect(try #require(found[1]).deviation(from: try expected["grad_fake"]) < 1e-14)
  }

  /// The label of real images alone is smoothed: what G minimises is the same.
  @Test(arguments: ObjectiveKind.allCases.filter(\.hasLabels)) func smoothingIsOneSided(kind: ObjectiveKind) throws {
    let scores = Scores(Tensor([-3.0, 0.5, 2], shape: [3, 1]))
    let (smooth, hard) = (kind.objective(smoothing: 0.2), kind.objective)
    #expect(
      smooth.generatorLoss(real: scores, fake: scores).value == hard.generatorLoss(real: scores, fake: scores).value)
    #expect(
      smooth.discriminatorLoss(real: scores, fake: scores).value
        != hard.discriminatorLoss(real: scores, fake: scores).value)
  }

  /// The best score of a real image is the label's logit, log(0.9 / 0.1), where unsmoothed loss has no best score.
  @Test func theBestScoreIsTheLabelsLogit() throws {
    let best = Tensor([2.1972245773362196], shape: [1, 1]).requiringGradient()
    let fake = Scores(Tensor([0.0], shape: [1, 1]))
    let loss = NonSaturating(smoothing: 0.1).discriminatorLoss(real: Scores(best), fake: fake)
    #expect(abs(try #require(gradients(of: loss.tensor, with: [best])[0]).item) < 1e-15)
  }
}
