import GAN
import Testing

@Suite struct PhaseTests {
  @Test func alternatingGivesEachCriticStepAPhase() throws {
    let phases = Phase.phases(of: try tinyRecipe(.mlp, ["critic_steps=3"]))
    #expect(phases.map(\.players) == [[.discriminator], [.discriminator], [.discriminator], [.generator]])
    #expect(phases.map(\.keepsImages) == [false, false, true, false])
    #expect(phases.map(\.latents) == [0, 1, 2, 2])
  }

  @Test func accumulatedPartsKeepNoImages() throws {
    let phases = Phase.phases(of: try tinyRecipe(.mlp, ["accumulation=2"]))
    #expect(phases.map(\.keepsImages) == [false, false])
  }

  @Test func fullyConnectedNetworksJudgeBothKindsTogetherInTheirOwnTurn() throws {
    #expect(Phase.phases(of: try tinyRecipe(.mlp)).map(\.judgesTogether) == [true, false])
    #expect(Phase.phases(of: try tinyRecipe(.dcgan)).map(\.judgesTogether) == [false, false])
    // Where D compares the images of a batch, they must be of one kind.
    let compared = try tinyRecipe(.mlp, ["minibatch_deviation=true"])
    #expect(Phase.phases(of: compared).map(\.judgesTogether) == [false, false])
  }

  @Test func simultaneousIsOnePhase() throws {
    let phases = Phase.phases(of: try tinyRecipe(.mlp, ["update=simultaneous"]))
    #expect(phases.map(\.players) == [[.discriminator, .generator]])
    #expect(phases.map(\.sharesBackward) == [false])
  }

  @Test func oneStageIsSimultaneousWithOneBackwardPass() throws {
    let phases = Phase.phases(of: try tinyRecipe(.mlp, ["update=one-stage"]))
    #expect(phases.map(\.players) == [[.discriminator, .generator]])
    #expect(phases.map(\.sharesBackward) == [true])
  }
}
