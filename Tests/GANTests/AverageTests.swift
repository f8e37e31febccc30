import GAN
import Testing

@Suite struct AverageTests {
  private func game(_ assignments: [String]) throws -> AdversarialGame {
    try AdversarialGame(
      try tinyRecipe(.dcgan, assignments), shape: SampleShape(channels: 1, height: 12, width: 12), seed: 1)
  }

  private func value(_ module: any Module, _ name: String) throws -> Double {
    try #require(module.state[name]).detached().to(.float64).mean().item
  }

  @Test(arguments: [
    (0.75, "false", 5, 0.75), (0.75, "true", 50, 0.75), (0.999, "true", 0, 0.1), (0.999, "true", 9, 10.0 / 19),
  ])
  func weightsAndRunningStatisticsMoveByTheDecay(decay: Double, warmUp: String, step: Int, kept: Double) throws {
    let game = try game(["average_decay=\(decay)", "average_warm_up=\(warmUp)"])
    for (mean, present) in zip(game.average.state.entries, game.generator.state.entries) {
      withoutGradient {
        mean.tensor.fill(1)
        present.tensor.fill(3)
      }
    }
    // Without gradients the optimizer moves the average alone.
    game.g.optimizer.step(
      game.generator.state.parameters.map { _ in nil }, averaging: game.g.average?.weights(step: step))
    game.g.average?.moveStatistics(step: step)
    for name in ["project.weight", "norm0.weight", "norm0.running_mean", "norm0.running_var"] {
      #expect(abs(try value(game.average, name) - (kept + (1 - kept) * 3)) < 1e-6, "\(name)")
    }
    #expect(try value(game.average, "norm0.num_batches_tracked") == 3)
    #expect(try value(game.generator, "project.weight") == 3)
  }

  @Test func itStartsAsTheGeneratorAndTakesNoGradient() throws {
    let game = try game([])
    #expect(game.average !== game.generator)
    for (mean, present) in zip(game.average.state.entries, game.generator.state.entries) {
      #expect(mean.tensor.bits == present.tensor.bits)
      #expect(!mean.tensor.requiresGradient)
    }
  }

  @Test func withoutDecayItIsTheGeneratorItself() throws {
    let game = try game(["average_decay=0"])
    #expect(game.average === game.generator)
    let before = game.bits
    #expect(game.g.average == nil)
    expectEqual(game.bits, before)
    #expect(!game.tensors.contains { $0.name.hasPrefix("average.") })
  }
}
