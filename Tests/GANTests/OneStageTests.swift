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
    (.mlp, ["objective=hinge"]),
    (.mlp, ["objective=wasserstein", "gradient_penalty=10"]),
    (.mlp, ["gradient_penalty=1", "batch=3", "accumulation=2"]),
    (.dcganKeras, ["objective=minimax"]),
    (.dcganKeras, ["objective=non-saturating", "dropout=0.5"]),
    (.dcganKeras, ["objective=least-squares", "dropout=0"]),
    (.dcganKeras, ["objective=wasserstein", "gradient_penalty=10"]),
    (.dcganKeras, ["objective=hinge"]),
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

  /// D's slope of the non-saturating loss is e⁻³⁸ / N and less, down to 0: what goes back to G keeps its precision, in that of
  /// training.
  @Test(arguments: [-38.0, -60, -100, -1000]) func scoresFarBelowZeroGetTheSimultaneousGradients(bias: Double) throws {
    try expectSimultaneousGradients { game in game.discriminator.state["fc4.bias"]?.fill(bias) }
  }

  /// The hinge loss has no slope in scores below −1.
  @Test func scoresThatHingeIgnoresGetTheSimultaneousGradients() throws {
    try expectSimultaneousGradients(["objective=hinge"]) { game in game.discriminator.state["fc4.bias"]?.fill(-3) }
  }

  /// Plays a float32 step of both updates after `change`, and compares what it moves.
  private func expectSimultaneousGradients(_ assignments: [String] = [], _ change: (AdversarialGame) -> Void) throws {
    let moved = try ["one-stage", "simultaneous"].map { update in
      let game = try makeGame(.mlp, update, assignments, dtype: .float32)
      withoutGradient { change(game) }
      return try movements(game)
    }
    for (one, two) in zip(moved[0], moved[1]) {
      #expect(one.tensor.isFinite && one.tensor.deviation(from: two.tensor, floor: 1e-3) < 1e-4, "\(one.name)")
    }
    #expect(moved[1].contains { $0.name.hasPrefix("generator.") && $0.tensor.abs().max().item > 1e-3 })
  }

  /// D is made to be (pixel 0 − its value in the first generated image), so that this image's score is 0 and the others'
  /// are not: least squares gives D no gradient there, and G one.
  @Test func leastSquaresAtAScoreOfZeroGetsTheSimultaneousGradients() throws {
    try expectSimultaneousGradients(["objective=least-squares"]) { game in
      let words: [UInt64] = [Purpose.latents.rawValue, 0, 0, 0]
      let latents = Tensor.normalRows(
        count: 8, size: 8, seed: derivedSeed(3, words[0], words[1], words[2], words[3]))
      let images = game.generator(latents)
      for entry in game.discriminator.state.entries {
        var values = [Float](repeating: 0, count: entry.tensor.count)
        if entry.name.hasSuffix("weight") { values[0] = 1 }
        if entry.name == "fc1.bias" { values[0] = -images.tensor.flattened().array(of: Float.self)[0] }
        entry.tensor.copy(from: Tensor(values, shape: entry.tensor.shape))
      }
      #expect(game.discriminator(images).tensor.array(of: Float.self)[0] == 0)
    }
  }
}
