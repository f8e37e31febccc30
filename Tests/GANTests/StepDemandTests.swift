import Foundation
import GAN
import Testing

/// What a step takes, and batches that are halved until it fits.
@Suite struct StepDemandTests {
  @Test func batchesAreHalvedUntilTheyFit() throws {
    let recipe = try tinyRecipe(.mlp, ["batch=24", "accumulation=3"])
    let demand = StepDemand(memory: .init(fixed: 400, each: 25), time: .init(fixed: 0.2, each: 0.1))
    #expect(demand.bytes(batch: 24) == 1_000 && abs(demand.seconds(of: recipe) - 7.8) < 1e-9)
    #expect(demand.halved(recipe, toFit: 1_000) == nil)
    let half = try #require(demand.halved(recipe, toFit: 999))
    #expect(half.batch == 12 && half.accumulation == 6 && half.samplesPerStep == recipe.samplesPerStep)
    let eighth = try #require(demand.halved(recipe, toFit: 475))
    #expect(eighth.batch == 3 && eighth.accumulation == 24)
    // Three cannot be halved.
    #expect(demand.halved(recipe, toFit: 474) == nil)
  }

  /// Packs stay whole.
  @Test func aBatchThatAGameCannotPlayWithIsNotTaken() throws {
    let recipe = try tinyRecipe(.mlp, ["batch=8", "packing=4"])
    #expect(recipe.inHalves?.batch == 4 && recipe.inHalves?.inHalves == nil)
  }

  /// Memory grows with the batch, and so does time. In a process of its own, since other tests take memory, too.
  @Test func aStepIsMeasuredOnSomeOfTheBatch() async {
    await #expect(processExitsWith: .success) {
      try withFolder { folder in
        let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
        var recipe = try tinyRecipe(.dcgan, ["batch=512", "base_width=32"])
        guard let demand = try StepDemand.measure(recipe, data: data) else { exit(2) }
        let seconds = demand.seconds(of: recipe)
        // Each of 28x28 pictures leaves D's first maps, 14x14 of 32 channels in float32, at least.
        guard demand.bytes(batch: 1024) - demand.bytes(batch: 512) > 512 * 14 * 14 * 32 * 4 else { exit(3) }
        recipe.batch = 1024
        guard demand.seconds(of: recipe) > seconds else { exit(4) }
      }
      exit(0)
    }
  }

  @Test func aBatchOfFourIsNotDivided() throws {
    try withFolder { folder in
      let demand = try StepDemand.measure(tinyRecipe(.dcgan, ["batch=4"]), data: tinyPictures(in: folder))
      #expect(demand.map { $0.bytes(batch: 4) } == nil)
    }
  }
}
