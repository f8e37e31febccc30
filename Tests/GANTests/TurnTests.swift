import GAN
import Testing

/// What each setting of modern training changes in a step, in float64 against the terms themselves.
@Suite struct TurnTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  private func real(_ count: Int) -> Images {
    let pixels = Tensor.empty([count, 1, 12, 12])
    pixels.fillUniform(-1, 1, using: RandomGenerator(seed: 5))
    return Images(pixels.to(.float64))
  }

  private func measure(_ assignments: [String], steps: Int = 1) throws -> [Scalars] {
    let game = try AdversarialGame(try tinyRecipe(.mlp, assignments), shape: Self.shape, seed: 1, dtype: .float64)
    let step = TrainingStep(game, game.recipe.training, seed: 3) { labelled(real(game.recipe.batch)) }
    return try (0..<steps).map { try step($0, attempt: 0) }
  }

  /// At the first step all games are at the same point, so that D's losses differ by the term alone.
  @Test(arguments: [
    "r1=2", "r2=2", "gradient_penalty=2", "dragan=2", "consistency_real=2", "consistency_fake=2", "lecam=2",
  ])
  func aPenaltyIsAddedToDsLossInProportionToItsWeight(assignment: String) throws {
    let key = assignment.split(separator: "=")[0]
    let plain = try measure([])[0]
    let once = try measure([assignment])[0]
    let twice = try measure(["\(key)=4"])[0]
    let term = once.lossDiscriminator - plain.lossDiscriminator
    #expect(term > 1e-9)
    #expect(abs(twice.lossDiscriminator - plain.lossDiscriminator - 2 * term) < 1e-12 * max(1, term))
    #expect(once.scoreReal == plain.scoreReal)
  }

  @Test func r1IsHalfTheMeanSquaredSlopeAtRealImages() throws {
    let game = try AdversarialGame(try tinyRecipe(.mlp), shape: Self.shape, seed: 1, dtype: .float64)
    let images = real(8).requiringGradient()
    let scores = game.discriminator(images, .training(RandomStream(seed: 1)))
    let slopes = try #require(gradients(of: scores.tensor.sum(), with: [images.tensor])[0])
    let expected = slopes.flattened().squared().sum(axes: [1]).mean().item
    let (plain, penalised) = (try measure([])[0], try measure(["r1=2"])[0])
    #expect(abs(penalised.lossDiscriminator - plain.lossDiscriminator - expected) < 1e-12)
  }

  /// Lazy: in steps 0, 3, 6, ... with three times the weight.
  @Test func anIntervalLeavesStepsOutAndMultipliesTheRest() throws {
    // Nobody moves, so that every step is at the same point.
    let still = ["generator.learning_rate=0", "discriminator.learning_rate=0", "average_decay=0"]
    let plain = try measure(still, steps: 4).map(\.lossDiscriminator)
    let always = try measure(still + ["r1=2"], steps: 4).map(\.lossDiscriminator)
    let lazy = try measure(still + ["r1=2", "penalty_interval=3"], steps: 4).map(\.lossDiscriminator)
    for step in [0, 3] { #expect(abs(lazy[step] - plain[step] - 3 * (always[step] - plain[step])) < 1e-12) }
    for step in [1, 2] { #expect(lazy[step] == plain[step]) }
  }

  /// Of three moves a step, numbers 0, 4, 8, ... are penalised: what is measured is the third, number 2, 5, 8 and 11.
  @Test func anIntervalCountsTheMovesOfD() throws {
    let still = [
      "generator.learning_rate=0", "discriminator.learning_rate=0", "average_decay=0", "critic_steps=3",
    ]
    let plain = try measure(still, steps: 4).map(\.lossDiscriminator)
    let always = try measure(still + ["r1=2"], steps: 4).map(\.lossDiscriminator)
    let lazy = try measure(still + ["r1=2", "penalty_interval=4"], steps: 4).map(\.lossDiscriminator)
    #expect(abs(lazy[2] - plain[2] - 4 * (always[2] - plain[2])) < 1e-12)
    for step in [0, 1, 3] { #expect(lazy[step] == plain[step]) }
  }

  @Test func relativisticGeneratorsAreHeldAgainstTheRealImagesThatDSaw() throws {
    let assignments = ["objective=relativistic-pairing", "discriminator.learning_rate=0"]
    let measured = try measure(assignments)[0]
    // D has not moved: G's loss is softplus of the opposite difference, and s(x) − s(−x) = x on the mean.
    let difference = measured.scoreFake - measured.scoreReal
    #expect(abs(measured.lossDiscriminator - measured.lossGenerator - difference) < 1e-12)
  }

  @Test func augmentationNeedsPicturesOfSomeSize() throws {
    let point = SampleShape(channels: 2, height: 1, width: 1)
    for assignment in ["augment=flip", "consistency_real=1"] {
      let said = sentence { _ = try AdversarialGame(try tinyRecipe(.mlp, [assignment]), shape: point, seed: 1) }
      #expect(said?.contains("4x4 pixels or more") == true)
    }
  }
}
