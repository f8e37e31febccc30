import GAN
import Testing

@Suite struct PhaseTests {
  private func game(_ assignments: [String]) throws -> AdversarialGame {
    try AdversarialGame(
      try tinyRecipe(.mlp, assignments), shape: SampleShape(channels: 1, height: 12, width: 12), seed: 1)
  }

  private func movers(_ assignments: [String]) throws -> [[String]] {
    let game = try game(assignments)
    return game.phases(at: 0).map { $0.movers.map(\.name) }
  }

  @Test func alternatingGivesEachCriticStepAPhase() throws {
    #expect(try movers([]) == [["discriminator"], ["generator"]])
    let game = try game(["critic_steps=3"])
    #expect(game.phases(at: 0).map(\.name) == ["d", "d", "d", "g"])
    #expect(game.phases(at: 0).map(\.sameBatch) == [false, false, false, true])
  }

  @Test(arguments: ["simultaneous", "one-stage"]) func playersThatMoveAtOnceShareAPhase(update: String) throws {
    #expect(try movers(["update=\(update)"]) == [["discriminator", "generator"]])
  }

  @Test func aStepTakesABatchForEachMoveOfD() throws {
    let game = try game(["critic_steps=3", "accumulation=2"])
    #expect(game.samplesPerStep(game.recipe.training, at: 0) == 8 * 2 * 3)
    #expect(game.recipe.samplesPerStep == 8 * 2 * 3)
  }
}
