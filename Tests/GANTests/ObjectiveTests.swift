import GAN
import TestFixtures
import Testing

/// The fixture called `name` among this target's.
func fixture(_ name: String) throws -> Fixture { try Fixture(name, in: .module) }

/// The cases with scores, without those of an objective.
private func scoreCases() throws -> [String] {
  let all = try fixture("objective")
  return try all.cases().filter { try all[$0].has("real") }
}

@Suite struct ObjectiveTests {
  @Test(arguments: try scoreCases(), ObjectiveKind.allCases)
  func lossesAndGradientsAgreeWithPyTorch(name: String, kind: ObjectiveKind) throws {
    let given = try fixture("objective")[name]
    // Pairs need as many real scores as generated ones.
    guard try kind != .relativisticPairing || given.number("count_real") == given.number("count_fake") else { return }
    let expected = try fixture("objective")["\(name).\(kind.rawValue.replacing("-", with: "_"))"]
    let (real, fake) = (try given["real"].requiringGradient(), try given["fake"].requiringGradient())
    let objective = kind.objective
    let lossOfD = objective.discriminatorLoss(real: Scores(real), fake: Scores(fake)).tensor
    let lossOfG = objective.generatorLoss(real: Scores(real), fake: Scores(fake)).tensor
    #expect(lossOfD.deviation(from: try expected["loss_discriminator"]) < 1e-15)
    #expect(lossOfG.deviation(from: try expected["loss_generator"]) < 1e-15)
    let ofD = gradients(of: lossOfD, with: [real, fake])
    let ofG = gradients(of: lossOfG, with: [fake])
    #expect(try #require(ofD[0]).deviation(from: try expected["grad_real"]) < 1e-15)
    #expect(try #require(ofD[1]).deviation(from: try expected["grad_fake"]) < 1e-15)
    #expect(try #require(ofG[0]).deviation(from: try expected["grad_fake_generator"]) < 1e-15)
  }

  @Test func everyObjectiveOfTheFixtureIsOneOfOurs() throws {
    let all = try fixture("objective").cases("moderate.").map { String($0.dropFirst("moderate.".count)) }
    #expect(Set(all) == Set(ObjectiveKind.allCases.map { $0.rawValue.replacing("-", with: "_") }))
  }

  /// Scores of any size, in the precision of training: nothing overflows where the mathematics does not.
  @Test(arguments: ObjectiveKind.allCases, [-3e4, -100.0, 0, 100, 3e4])
  func lossesOfExtremeScoresAreFinite(kind: ObjectiveKind, score: Double) throws {
    let scores = Tensor([Float(score), Float(-score)], shape: [2, 1]).requiringGradient()
    let objective = kind.objective
    for loss in [
      objective.discriminatorLoss(real: Scores(scores), fake: Scores(scores)),
      objective.generatorLoss(real: Scores(scores), fake: Scores(scores)),
    ] {
      #expect(loss.value.isFinite)
      #expect(try #require(gradients(of: loss.tensor, with: [scores])[0]).isFinite)
    }
  }

  @Test func halfPrecisionScoresAreWidenedBeforeTheLoss() {
    let scores = Scores(Tensor([Float(0.1), 0.2]).to(.bfloat16))
    #expect(NonSaturating().generatorLoss(fake: scores).tensor.dtype == .float32)
  }
}
