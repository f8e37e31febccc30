import GAN
import Testing

/// The parts of an accumulated batch are to one great batch what its rows are, whatever a step draws or remembers.
@Suite struct AccumulationTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)
  private static let classes = [2, 1, 4, 3]

  /// Part number `number` of a sequence of labelled pictures that does not depend on how it is cut.
  private func real(_ number: Int, count: Int) -> Batch {
    let rows = (number * count)..<((number + 1) * count)
    let places = (rows.lowerBound * 144)..<(rows.upperBound * 144)
    let pixels: [Float] = places.map { Float($0 % 17) / 8 - 1 }
    let classes: [Int64] = rows.map { Int64($0 * 5 % 7 % Self.classes.count) }
    return labelled(
      Images(Tensor(pixels, shape: [count, 1, 12, 12]).to(.float64)), classes: Tensor(classes, shape: [count]))
  }

  private func played(_ assignments: [String], steps: Int) throws -> AdversarialGame {
    let recipe = try tinyRecipe(.mlp, assignments)
    let table = recipe.isConditional ? try ClassTable(counts: Self.classes) : nil
    let game = try AdversarialGame(recipe, shape: Self.shape, classes: table, seed: 1, dtype: .float64)
    var number = 0
    let step = TrainingStep(game, game.recipe.training, seed: 3) {
      defer { number += 1 }
      let batch = real(number, count: recipe.batch)
      return recipe.isConditional ? batch : labelled(batch[.images])
    }
    for index in 0..<steps { _ = try step(index, attempt: 0) }
    return game
  }

  private func expectParts(_ assignments: [String], makeTheBatchOf whole: AdversarialGame, steps: Int) throws {
    for (batch, parts) in [(4, 2), (2, 4)] {
      let accumulated = try played(assignments + ["batch=\(batch)", "accumulation=\(parts)"], steps: steps)
      for (part, all) in zip(accumulated.tensors, whole.tensors) {
        let difference = (part.tensor.detached() - all.tensor.detached()).abs().max().item
        #expect(difference < 1e-10, "\(all.name), \(parts) parts")
      }
    }
  }

  /// G answers for pictures of the classes that D saw: those of the real ones, between which and them slopes are taken.
  @Test(arguments: [1, 2], ["concatenation", "projection"])
  func conditionalGamesWithAGradientPenaltyAccumulate(criticSteps: Int, conditioning: String) throws {
    let assignments = [
      "objective=wasserstein", "gradient_penalty=10", "condition_generator=concatenation",
      "condition_discriminator=\(conditioning)", "critic_steps=\(criticSteps)", "generator.optimizer=sgd",
      "discriminator.optimizer=sgd", "generator.learning_rate=0.05", "discriminator.learning_rate=0.05",
    ]
    let whole = try played(assignments, steps: 3)
    let beginning = try played(assignments, steps: 0).bits
    #expect(whole.bits != beginning)
    try expectParts(assignments, makeTheBatchOf: whole, steps: 3)
  }

  /// LeCam's means move once a step. Nobody else does here: within a step the terms of the first parts know less than that
  /// of one great batch.
  @Test func leCamsMeansMoveOnceAStep() throws {
    let still = [
      "lecam=0.3", "generator.learning_rate=0", "discriminator.learning_rate=0", "average_decay=0",
      "generator.optimizer=sgd", "discriminator.optimizer=sgd",
    ]
    let whole = try played(still, steps: 3)
    let batches = try #require(whole.tensors.first { $0.name == "score_average.batches" })
    #expect(batches.tensor.item == 3)
    try expectParts(still, makeTheBatchOf: whole, steps: 3)
  }
}

/// What becomes of gradients before the optimizer's step.
@Suite struct ReadyGradientsTests {
  /// Two biases that are added: autograd hands one tensor to both.
  private final class TwoBiases: Module {
    let state = StateDict(random: RandomGenerator(seed: 1))
    let first, second: Tensor

    init() {
      first = state.root.parameter("first", shape: [3], .zeros)
      second = state.root.parameter("second", shape: [3], .zeros)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { x + (first + second) }
  }

  private func player(_ network: any Module, _ assignments: [String]) throws -> Player {
    Player("generator", network, try tinyRecipe(.mlp, assignments.map { "generator.\($0)" }).generator)
  }

  private func ready(parts: Int = 1, _ assignments: [String] = []) throws -> ReadyGradients {
    let network = TwoBiases()
    let found = gradients(of: (network(.ones([5, 3])) * 4).sum(), with: network.state.parameters)
    #expect(found[0]?.isSame(as: try #require(found[1])) == true)
    let ready = try ReadyGradients(found, parts: parts, of: player(network, assignments), on: .cpu)
    // What autograd returned is as it was.
    #expect(found[0]?.array(of: Float.self) == [20, 20, 20])
    return ready
  }

  private func numbers(_ ready: ReadyGradients) -> [[Float]?] { ready.values.map { $0?.array() } }

  @Test func aSharedGradientIsDividedAmongThePartsOnce() throws {
    #expect(try numbers(ready(parts: 4)) == [[5, 5, 5], [5, 5, 5]])
  }

  @Test func aSharedGradientIsClippedOnce() throws {
    let byNorm = try ready(["clip_norm=2"])
    #expect(abs(byNorm.norm.item - 20 * 6.0.squareRoot()) < 1e-4)
    #expect(abs(byNorm.values.compactMap { $0 }.totalNorm().item - 2) < 1e-6)
    #expect(try numbers(ready(["clip_value=3"])) == [[3, 3, 3], [3, 3, 3]])
  }

  @Test func aGradientThatRepeatsOneNumberIsClippedToo() throws {
    let network = TwoBiases()
    let found = gradients(of: network.first.sum(), with: network.state.parameters)
    #expect(found[0]?.strides == [0])
    for (assignment, element) in [("clip_norm=1", 1 / 3.0.squareRoot()), ("clip_value=0.5", 0.5)] {
      let ready = try ReadyGradients(found, parts: 1, of: player(network, [assignment]), on: .cpu)
      #expect(ready.values[1] == nil)
      #expect(try #require(ready.values[0]).deviation(from: .full([3], element)) < 1e-5)
    }
  }
}
