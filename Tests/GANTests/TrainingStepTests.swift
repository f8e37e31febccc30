import Foundation
import GAN
import Testing

/// One step of each update rule against a loop written out by hand with the same operations.
@Suite struct TrainingStepTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)
  private let seed: UInt64 = 3

  private func real(_ number: Int, count: Int = 8) -> Images {
    let places = (0..<(count * 144)).map { number * count * 144 + $0 }
    let pixels: [Float] = places.map { Float($0 % 17) / 8 - 1 }
    return Images(Tensor(pixels, shape: [count, 1, 12, 12]))
  }

  /// The latents of a phase of a step, as the trainer draws them.
  private func latents(step: Int, phase: Int, count: Int = 8) -> Tensor {
    let words: [UInt64] = [Purpose.latents.rawValue, UInt64(step), 0, UInt64(phase)]
    return .normalRows(count: count, size: 8, seed: derivedSeed(seed, words[0], words[1], words[2], words[3]))
  }

  private func play(_ game: AdversarialGame, steps: Int) throws {
    var number = 0
    let step = TrainingStep(game, game.recipe.training, seed: seed) {
      defer { number += 1 }
      return labelled(real(number, count: game.recipe.batch))
    }
    for index in 0..<steps { _ = try step(index, attempt: 0) }
  }

  private func move(_ player: Player, _ loss: Loss, retainGraph: Bool = false) throws -> [Tensor?] {
    gradients(of: loss.tensor, with: player.parameters, retainGraph: retainGraph)
  }

  /// D of fully connected networks judges both kinds as one batch in its own turn.
  private func verdicts(_ game: AdversarialGame, _ real: Images, _ fake: Images, _ pass: Pass) -> (
    real: Tensor, fake: Tensor
  ) {
    guard game.recipe.network == .mlp else {
      return (game.discriminator(real, pass).tensor, game.discriminator(fake, pass).tensor)
    }
    let both = game.discriminator(Images(.concatenated([real.tensor, fake.tensor])), pass).tensor
    return (both[0..<8], both[8..<16])
  }

  @Test(arguments: [NetworkKind.mlp, .dcgan], [1, 2])
  func alternatingMovesDThenGOnTheSameImages(network: NetworkKind, criticSteps: Int) throws {
    let recipe = try tinyRecipe(network, ["critic_steps=\(criticSteps)"])
    let (trained, byHand) = (
      try AdversarialGame(recipe, shape: Self.shape, seed: 1), try AdversarialGame(recipe, shape: Self.shape, seed: 1)
    )
    try play(trained, steps: 3)

    let pass = Pass.training(RandomStream(seed: 0))
    var number = 0
    for step in 0..<3 {
      var fake = Images(Tensor(0))
      for turn in 0..<criticSteps {
        fake = byHand.generator(latents(step: step, phase: turn), pass)
        let scores = verdicts(byHand, real(number), fake.detached(), pass)
        number += 1
        let loss = scores.real.negated.softplus().mean() + scores.fake.softplus().mean()
        byHand.d.optimizer.step(try move(byHand.d, Loss(loss)))
      }
      let loss = byHand.discriminator(fake, pass).tensor.negated.softplus().mean()
      byHand.g.optimizer.step(
        try move(byHand.g, Loss(loss)), averaging: byHand.g.average?.weights(step: step))
      byHand.g.average?.moveStatistics(step: step)
    }
    expectEqual(trained.bits, byHand.bits)
    if network == .dcgan {
      // Batch norm counts the generator's forward passes: one for each critic step, none for its own turn.
      let passes = try #require(trained.generator.state["norm0.num_batches_tracked"])
      #expect(passes.item == Double(3 * criticSteps))
    }
    #expect(trained.discriminator.state.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test(arguments: [NetworkKind.mlp, .dcgan])
  func simultaneousTakesBothGradientsAtTheSameParameters(network: NetworkKind) throws {
    let recipe = try tinyRecipe(network, ["update=simultaneous", "objective=least-squares"])
    let (trained, byHand) = (
      try AdversarialGame(recipe, shape: Self.shape, seed: 1), try AdversarialGame(recipe, shape: Self.shape, seed: 1)
    )
    try play(trained, steps: 3)

    let pass = Pass.training(RandomStream(seed: 0))
    for step in 0..<3 {
      let fake = byHand.generator(latents(step: step, phase: 0), pass)
      let scores = (real: byHand.discriminator(real(step), pass), fake: byHand.discriminator(fake, pass))
      let squares = ((scores.real.tensor - 1).squared().mean() * 0.5, scores.fake.tensor.squared().mean() * 0.5)
      let ofD = try move(byHand.d, Loss(squares.0 + squares.1), retainGraph: true)
      let ofG = try move(byHand.g, Loss((scores.fake.tensor - 1).squared().mean() * 0.5))
      byHand.d.optimizer.step(ofD)
      byHand.g.optimizer.step(ofG, averaging: byHand.g.average?.weights(step: step))
      byHand.g.average?.moveStatistics(step: step)
    }
    expectEqual(trained.bits, byHand.bits)
  }

  @Test(arguments: ["alternating", "simultaneous", "one-stage"])
  func twoPartsMakeOneGreatBatch(update: String) throws {
    let common = ["update=\(update)", "generator.optimizer=sgd", "discriminator.optimizer=sgd"]
    let rates = ["generator.learning_rate=0.1", "discriminator.learning_rate=0.1"]
    let parts = try AdversarialGame(
      try tinyRecipe(.mlp, common + rates + ["batch=4", "accumulation=2"]), shape: Self.shape, seed: 1)
    let whole = try AdversarialGame(try tinyRecipe(.mlp, common + rates), shape: Self.shape, seed: 1)
    let beginning = whole.bits
    try play(parts, steps: 3)
    try play(whole, steps: 3)
    #expect(whole.bits != beginning)
    for (part, all) in zip(parts.tensors, whole.tensors) {
      let difference = (part.tensor.detached() - all.tensor.detached()).abs().max().item
      #expect(difference < 1e-5, "\(all.name)")
    }
  }

  @Test func measuresAreMeansOverTheParts() throws {
    let recipe = try tinyRecipe(.mlp, ["batch=4", "accumulation=2"])
    let whole = try tinyRecipe(.mlp)
    func measure(_ recipe: AdversarialRecipe) throws -> Scalars {
      var number = 0
      let game = try AdversarialGame(recipe, shape: Self.shape, seed: 1)
      let step = TrainingStep(game, game.recipe.training, seed: seed) {
        defer { number += 1 }
        return labelled(real(number, count: recipe.batch))
      }
      return try step(0, attempt: 0)
    }
    let (a, b) = (try measure(recipe), try measure(whole))
    #expect(abs(a.lossDiscriminator - b.lossDiscriminator) < 1e-5)
    #expect(abs(a.scoreReal - b.scoreReal) < 1e-5)
    #expect(abs(a.scoreFake - b.scoreFake) < 1e-5)
    #expect((0...1).contains(a.scoreReal))
  }

  @Test func clippingKeepsTheCriticsWeightsInside() throws {
    let game = try AdversarialGame(
      try tinyRecipe(.mlp, ["objective=wasserstein", "weight_clip=0.01"]), shape: Self.shape, seed: 1)
    try play(game, steps: 1)
    let largest = game.discriminator.state.parameters.map { $0.detached().abs().max().item }.max() ?? 1
    #expect(largest <= 0.01 && largest > 0.009)
    #expect(game.generator.state.parameters.contains { $0.detached().abs().max().item > 0.01 })
  }

  @Test func clippingBoundsTheGradients() throws {
    // With plain SGD the step is the gradient times the rate.
    for (key, limit) in [("clip_norm", 1e-3), ("clip_value", 1e-4)] {
      let assignments = ["generator.\(key)=\(limit)", "generator.optimizer=sgd", "generator.learning_rate=1"]
      let game = try AdversarialGame(try tinyRecipe(.mlp, assignments), shape: Self.shape, seed: 1)
      let before = game.generator.state.parameters.map { $0.detached().clone() }
      try play(game, steps: 1)
      let steps = zip(game.generator.state.parameters, before).map { $0.detached() - $1 }
      let size = key == "clip_norm" ? steps.totalNorm().item : steps.map { $0.abs().max().item }.max() ?? 0
      #expect(size > 0.5 * limit && size < 1.01 * limit, "\(key)")
    }
  }

  @Test func whatIsNotFiniteIsFoundBeforeTheMove() throws {
    let game = try AdversarialGame(try tinyRecipe(.mlp), shape: Self.shape, seed: 1)
    let before = game.bits
    let step = TrainingStep(game, game.recipe.training, seed: seed) {
      labelled(Images(Tensor.full([8, 1, 12, 12], .nan)))
    }
    let said = sentence { _ = try step(0, attempt: 0) }
    #expect(said == "the discriminator's loss is not finite")
    expectEqual(game.bits, before)
  }
}

extension Tensor {
  fileprivate var negated: Tensor { -self }
}
