import GAN
import TestFixtures
import Testing

/// The one-stage update is the simultaneous one to rounding.
@Suite struct OneStageTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  /// A game of plain gradient descent with steps of rate 1, so that what a player moves is its gradient.
  private func makeGame(
    _ network: NetworkKind, _ update: String, _ assignments: [String] = [], dtype: DType = .float64
  ) throws -> AdversarialGame {
    let descent = ["generator", "discriminator"].flatMap { ["\($0).optimizer=sgd", "\($0).learning_rate=1"] }
    let recipe = try tinyRecipe(network, descent + ["update=\(update)"] + assignments)
    return try AdversarialGame(recipe, shape: Self.shape, seed: 1, dtype: dtype)
  }

  private func play(_ game: AdversarialGame, steps: Int = 1) throws {
    let random = RandomGenerator(seed: 5)
    let step = TrainingStep(game, game.recipe.training, seed: 3) {
      let pixels = Tensor.empty([game.recipe.batch, 1, 12, 12])
      pixels.fillUniform(-1, 1, using: random)
      return labelled(Images(pixels.to(game.dtype)))
    }
    for index in 0..<steps { _ = try step(index, attempt: 0) }
  }

  /// What one step moves, tensor by tensor.
  private func movements(_ game: AdversarialGame) throws -> [(name: String, tensor: Tensor)] {
    let before = game.tensors.map { $0.tensor.detached().clone() }
    try play(game)
    return zip(game.tensors, before).map { ($0.name, $0.tensor.detached() - $1) }
  }

  private static let games: [(NetworkKind, [String])] = [
    (.mlp, ["objective=minimax"]),
    (.mlp, ["objective=non-saturating"]),
    (.mlp, ["objective=least-squares"]),
    (.mlp, ["objective=wasserstein", "weight_clip=0.5"]),
    (.mlp, ["objective=wasserstein", "gradient_penalty=10"]),
    (.mlp, ["gradient_penalty=1", "batch=3", "accumulation=2"]),
    (.dcganKeras, ["objective=minimax"]),
    (.dcganKeras, ["objective=non-saturating", "dropout=0.5"]),
    (.dcganKeras, ["objective=least-squares", "dropout=0"]),
    (.dcganKeras, ["objective=wasserstein", "gradient_penalty=10"]),
    (.dcganKeras, ["batch=5", "accumulation=3"]),
  ]

  @Test(arguments: games)
  func bothPlayersGetTheGradientsOfTheSimultaneousUpdate(network: NetworkKind, assignments: [String]) throws {
    let oneStage = try movements(try makeGame(network, "one-stage", assignments))
    let simultaneous = try movements(try makeGame(network, "simultaneous", assignments))
    for (one, two) in zip(oneStage, simultaneous) {
      #expect(one.tensor.deviation(from: two.tensor, floor: 1e-2) < 1e-12, "\(one.name)")
    }
    // G and D moved: there was something to compare.
    for player in ["generator.", "discriminator."] {
      let moved = simultaneous.filter { $0.name.hasPrefix(player) && $0.name.hasSuffix("weight") }
      #expect(!moved.isEmpty && moved.allSatisfy { $0.tensor.abs().max().item > 1e-9 })
    }
  }

  @Test(arguments: [NetworkKind.mlp, .dcganKeras]) func adamStepsAgree(network: NetworkKind) throws {
    let adam = ["generator.optimizer=adam", "discriminator.optimizer=adam", "generator.learning_rate=0.001"]
    let (one, two) = (
      try makeGame(network, "one-stage", adam + ["discriminator.learning_rate=0.001"]),
      try makeGame(network, "simultaneous", adam + ["discriminator.learning_rate=0.001"])
    )
    try play(one, steps: 5)
    try play(two, steps: 5)
    for (a, b) in zip(one.tensors, two.tensors) { #expect(a.tensor.deviation(from: b.tensor) < 1e-9, "\(a.name)") }
  }

  /// e⁶⁰ is too great a factor for float32's range, e¹⁰⁰ is infinite: two passes are made.
  @Test(arguments: [-60.0, -100, -1000])
  func scoresFarBelowZeroGetTheSimultaneousGradients(bias: Double) throws {
    let bits = try ["one-stage", "simultaneous"].map { update in
      let game = try makeGame(.mlp, update, dtype: .float32)
      withoutGradient { game.discriminator.state["fc4.bias"]?.fill(bias) }
      let moved = try movements(game).filter { $0.name.hasPrefix("generator.") }
      #expect(moved.allSatisfy { $0.tensor.isFinite })
      #expect(moved.contains { $0.tensor.abs().max().item > 1e-3 })
      return game.bits
    }
    expectEqual(bits[0], bits[1])
  }

  /// One backward pass still serves both at a factor of e³⁸, in the precision of training.
  @Test func scoresWithinReachKeepTheirPrecision() throws {
    let moved = try ["one-stage", "simultaneous"].map { update in
      let game = try makeGame(.mlp, update, dtype: .float32)
      withoutGradient { game.discriminator.state["fc4.bias"]?.fill(-38) }
      return try movements(game).filter { $0.name.hasPrefix("generator.") }
    }
    for (one, two) in zip(moved[0], moved[1]) { #expect(one.tensor.deviation(from: two.tensor) < 1e-4, "\(one.name)") }
    #expect(moved[1].contains { $0.tensor.abs().max().item > 1e-3 })
  }

  /// D is made to be (pixel 0 − its value in the first generated image), so that this image's score is 0 and the others'
  /// are not: least squares gives D no gradient there, and G one.
  @Test func leastSquaresAtAScoreOfZeroGetsTheSimultaneousGradients() throws {
    let bits = try ["one-stage", "simultaneous"].map { update in
      let game = try makeGame(.mlp, update, ["objective=least-squares"], dtype: .float32)
      let words: [UInt64] = [Purpose.latents.rawValue, 0, 0, 0]
      let latents = Tensor.normalRows(
        count: 8, size: 8, seed: derivedSeed(3, words[0], words[1], words[2], words[3]))
      let images = game.generator(latents)
      withoutGradient {
        for entry in game.discriminator.state.entries {
          var values = [Float](repeating: 0, count: entry.tensor.count)
          if entry.name.hasSuffix("weight") { values[0] = 1 }
          if entry.name == "fc1.bias" { values[0] = -images.tensor.flattened().array(of: Float.self)[0] }
          entry.tensor.copy(from: Tensor(values, shape: entry.tensor.shape))
        }
      }
      #expect(game.discriminator(images).tensor.array(of: Float.self)[0] == 0)
      let moved = try movements(game).filter { $0.name.hasPrefix("generator.") }
      #expect(moved.allSatisfy { $0.tensor.isFinite })
      #expect(moved.contains { $0.tensor.abs().max().item > 1e-6 })
      return game.bits
    }
    expectEqual(bits[0], bits[1])
  }
}

@Suite struct OneStageObjectiveTests {
  private static let kinds = ObjectiveKind.allCases.filter { $0.objective is any OneStageObjective }

  @Test func allButHingeAndTheRelativisticHaveAFactor() {
    #expect(Self.kinds == [.minimax, .nonSaturating, .leastSquares, .wasserstein])
  }

  /// Between −20 and 20: beyond, libtorch's softplus is its asymptote.
  @Test(arguments: kinds) func theFactorIsTheQuotientOfBothGradients(kind: ObjectiveKind) throws {
    let objective = try #require(kind.objective as? any OneStageObjective)
    let values = [-19.5, -7, -1, -1e-9, 1e-12, 0.25, 1, 1 + 1e-9, 3, 19.5]
    let fake = Tensor(values, shape: [values.count, 1]).requiringGradient()
    let scores = Scores(fake)
    let losses = (
      objective.discriminatorLoss(real: Scores(fake.detached()), fake: scores), objective.generatorLoss(fake: scores)
    )
    let (ofD, ofG) = (
      try #require(gradients(of: losses.0.tensor, with: [fake])[0]),
      try #require(gradients(of: losses.1.tensor, with: [fake])[0])
    )
    let product = ofD * objective.generatorFactor(fake: Scores(fake.detached()))
    #expect(product.shape == fake.shape)
    for (a, b) in zip(product.array(of: Double.self), ofG.array(of: Double.self)) {
      #expect(abs(a - b) <= 4e-15 * abs(b))
    }
  }

  @Test(arguments: [
    (ObjectiveKind.nonSaturating, [-40.0, 3], true), (.nonSaturating, [3, -42], false), (.nonSaturating, [100], true),
    (.nonSaturating, [-1e4], false), (.leastSquares, [1e-17, 5], true), (.leastSquares, [1, 1e-19], false),
    (.leastSquares, [0], false), (.leastSquares, [-0.0], false), (.leastSquares, [-1e30], true),
    (.minimax, [-1e30], true), (.wasserstein, [0], true), (.nonSaturating, [.nan], false),
  ])
  func aFactorBeyondHalfTheRangeIsNotSafe(kind: ObjectiveKind, scores: [Double], isSafe: Bool) throws {
    let objective = try #require(kind.objective as? any OneStageObjective)
    let scores = Scores(Tensor(scores.map { Float($0) }, shape: [scores.count, 1]))
    #expect((objective.safeGeneratorFactor(fake: scores) != nil) == isSafe)
  }
}
