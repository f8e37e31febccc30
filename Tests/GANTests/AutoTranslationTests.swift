import GAN
import Testing

/// What `auto` chooses for data of two sides.
@Suite struct AutoTranslationTests {
  private func pairs(side: Int, count: Int = 20, target: UInt8 = 100) throws -> Dataset {
    let shape = SampleShape(channels: 1, height: side, width: side)
    let sides = [100, target].map { [UInt8](repeating: $0, count: count * side * side) }
    return try Dataset(
      name: "pairs", columns: [.pictures(sides[0], shape), .pictures(sides[1], shape, name: "target")])
  }

  private func auto(
    _ arrangement: Arrangement, _ data: Dataset, _ limits: Limits, _ assignments: [String] = []
  ) throws -> AutoTranslation {
    let begun = try #require(AutoTranslation.beginning(arrangement))
    return try AutoTranslation(begun, for: data, limits) { try $0.set(all: assignments) }
  }

  @Test func theGameFollowsFromTheArrangement() {
    #expect(AutoTranslation.beginning(.single) == nil)
    #expect(AutoTranslation.beginning(.pairs(.halves)) is TranslationRecipe)
    #expect(AutoTranslation.beginning(.pairs(.folders)) is TranslationRecipe)
    #expect(AutoTranslation.beginning(.collections) is CycleRecipe)
    #expect(AutoTranslation.beginning(.collections)?.name == "auto")
  }

  @Test(arguments: [(8, 1), (16, 2), (32, 3), (64, 3), (128, 3)]) func patchesFitThePictures(side: Int, layers: Int)
    throws
  {
    let made = try auto(.pairs(.halves), pairs(side: side, count: 8), .steps(50))
    let recipe = try #require(made.recipe as? TranslationRecipe)
    #expect(recipe.discriminatorLayers == layers && recipe.batch == 8)
    // Of large pictures D's features are not matched.
    #expect(recipe.featureWeight == (side < 128 ? 30 : 0))
    #expect(made.reasons.contains { $0.hasPrefix("G also matches") } == (side < 128), "\(made.reasons)")
    #expect(recipe.training.precision != .auto && recipe.steps == 50)
    // What is chosen can be repeated.
    #expect(recipe.generator.scheduleSteps == 50 && recipe.generator.schedule == .linear)
  }

  /// Wide networks pay only in a run that sees many pictures.
  @Test(
    arguments: [Arrangement.pairs(.halves), .collections], [(30_000 - 8, 16), (30_000, 32), (1_000_000, 32)])
  func networksAreAsWideAsTheRunIsLong(arrangement: Arrangement, run: (samples: Int, width: Int)) throws {
    let limits = Limits.steps(run.samples / (arrangement == .collections ? 4 : 8))
    let made = try auto(arrangement, pairs(side: 16), limits)
    #expect((made.recipe.baseWidth, made.recipe.common.discriminatorWidth) == (run.width, run.width))
    #expect(made.reasons.contains { $0.contains("base width \(run.width)") }, "\(made.reasons)")
    #expect(made.reasons.contains { $0.hasPrefix("narrow networks") } == (run.width == 16), "\(made.reasons)")
    for fixed in [16, 24, 64] {
      let kept = try auto(arrangement, pairs(side: 16), limits, ["base_width=\(fixed)"])
      #expect(kept.recipe.baseWidth == fixed && !kept.reasons.contains { $0.hasPrefix("narrow networks") })
    }
  }

  @Test func theBatchIsNoLargerThanTheData() throws {
    #expect(try auto(.pairs(.halves), pairs(side: 16, count: 3), .steps(5)).recipe.batch == 3)
  }

  @Test func minutesBecomeSteps() throws {
    let tiny = ["base_width=1", "discriminator_width=1", "batch=1", "precision=float32"]
    let made = try auto(.pairs(.halves), pairs(side: 8), .minutes(0.5), tiny)
    #expect(made.recipe.steps > 100)
    #expect(made.reasons.contains { $0.contains("0.5 minutes at") })
  }

  /// Between photos and drawings, a picture of one side should not stay as it is.
  @Test(arguments: [(UInt8(100), 0.5), (130, 0.5), (135, 0), (60, 0)])
  func theIdentityLossIsForCollectionsOfTheSameColors(target: UInt8, weight: Double) throws {
    let made = try auto(.collections, pairs(side: 16, target: target), .steps(10))
    #expect((made.recipe as? CycleRecipe)?.identityWeight == weight)
    let reason = weight == 0 ? "no identity loss, which would" : "an identity loss, which keeps"
    #expect(made.reasons.contains { $0.hasPrefix(reason) }, "\(made.reasons)")
    let kept = try auto(.collections, pairs(side: 16, target: target), .steps(10), ["identity_weight=0.25"])
    #expect((kept.recipe as? CycleRecipe)?.identityWeight == 0.25)
  }

  @Test(arguments: [(16, 4), (32, 4), (40, 2), (64, 1), (128, 1)]) func batchesOfCollections(side: Int, batch: Int)
    throws
  {
    let data = try pairs(side: side)
    #expect(try auto(.collections, data, .steps(5)).recipe.batch == batch)
  }

  /// Enlarged, thin lines blur.
  @Test(arguments: [Arrangement.pairs(.halves), .collections], [(32, 1), (64, 286.0 / 256)])
  func smallPicturesAreTakenWhole(arrangement: Arrangement, size: (side: Int, jitter: Double)) throws {
    let made = try auto(arrangement, pairs(side: size.side), .steps(5))
    #expect(made.recipe.input.jitter == size.jitter)
    #expect(made.reasons.contains { $0.hasPrefix("whole pictures") } == (size.jitter == 1))
    #expect(try auto(arrangement, pairs(side: 32), .steps(5), ["jitter=1.2"]).recipe.input.jitter == 1.2)
  }

  @Test func changesAreKept() throws {
    let made = try auto(
      .collections, pairs(side: 16), .steps(10), ["blocks=5", "average_decay=0", "precision=float32", "flip=false"])
    let recipe = try #require(made.recipe as? CycleRecipe)
    #expect((recipe.blocks, recipe.averageDecay, recipe.input.flip) == (5, 0, false))
    #expect(
      sentence { _ = try auto(.collections, pairs(side: 16), .steps(10), ["steps=20"]) }?.contains("leave out steps=20")
        == true)
    #expect(sentence { _ = try auto(.collections, pairs(side: 18), .steps(10)) }?.contains("multiples of 4") == true)
  }
}
