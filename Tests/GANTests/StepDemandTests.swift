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

  @Test func aStepIsMeasuredOnSomeOfTheBatch() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let demand = try #require(try StepDemand.measure(try tinyRecipe(.dcgan, ["batch=16"]), data: data))
      #expect(demand.bytes(batch: 16) > 10_000_000)
      #expect(try StepDemand.measure(tinyRecipe(.dcgan, ["batch=4"]), data: data) == nil)
    }
  }
}
