import Datasets
import GAN
import Testing

@Suite struct AutoRecipeTests {
  private func load(_ source: String, _ folder: String) throws -> Dataset {
    try DataSource(source).load(.test, options: LoadOptions(environment: ["HOME": folder]))
  }

  @Test func picturesGetConvolutionsAndManyOfThemNoAugmentation() throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("digits", folder), .steps(1234))
      #expect(auto.recipe.name == "auto")
      #expect(auto.recipe.network == .dcgan && auto.recipe.norm == .none)
      #expect(auto.recipe.steps == 1234)
      #expect(auto.recipe.augment.isEmpty)
      #expect(auto.recipe.objective == .relativisticPairing)
      // A reason for each: network, penalties, precision, schedule.
      #expect(auto.reasons.count >= 4)
    }
  }

  @Test func fewPicturesAreAugmentedInSmallBatches() throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try tinyPictures(in: folder), .steps(10))
      #expect(auto.recipe.augment == [.translation, .cutout])
      #expect(auto.recipe.batch == 8)
      #expect(auto.reasons.contains { $0.contains("D would memorise only 40 pictures") })
    }
  }

  /// A quarter of the pictures, but for what these ask of a batch.
  @Test(arguments: ["packing=2", "minibatch_deviation=true"]) func fewPicturesMakeWholeGroups(change: String) throws {
    try withFolder { folder in
      let recipe = try AutoRecipe(for: try tinyPictures(in: folder, count: 150), .steps(10)) {
        try $0.set(all: [change])
      }.recipe
      #expect(recipe.batch == 36)
    }
  }

  @Test func aWishIsNoChoice() throws {
    try withFolder { folder in
      let reasons = try AutoRecipe(for: try load("digits", folder), .steps(10)) {
        try $0.set(all: ["augment=translation", "base_width=4"])
      }.reasons
      #expect(reasons.contains("augment translation: as you asked"))
      #expect(reasons[0].hasSuffix("; the width is the one you asked for"))
    }
  }

  @Test func pointsOfThePlaneGetFullyConnectedNetworksInFloat32() throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("ring8", folder), .steps(10))
      #expect(auto.recipe.network == .mlp && auto.recipe.precision == .float32)
      #expect(auto.recipe.augment.isEmpty)
      #expect(auto.recipe.batch == 512 && auto.recipe.penalties.r1 == 0.001 && auto.recipe.averageDecay == 0)
      #expect(auto.reasons.contains { $0.hasSuffix("; no average of the generator") })
    }
  }

  /// The slope of a score is a sum over pixels: four times as many, four times the penalty; twice the batch, half of it.
  @Test func thePenaltyFollowsPixelsAndBatch() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      let usual = try AutoRecipe(for: data, .steps(10)).recipe
      #expect(usual.penalties.r1 == 1 && usual.penalties.r2 == 1 && usual.penalties.interval == 4)
      let batch = try AutoRecipe(for: data, .steps(10)) { try $0.set("batch", "128") }.recipe
      #expect(abs(batch.penalties.r1 - usual.penalties.r1 / 2) < 1e-12)
      #expect(abs(batch.generator.learningRate - usual.generator.learningRate * 2.0.squareRoot()) < 1e-12)
      let parts = try AutoRecipe(for: data, .steps(10)) { try $0.set(all: ["batch=16", "accumulation=4"]) }.recipe
      #expect(parts.penalties == usual.penalties && parts.generator == usual.generator)
    }
  }

  @Test(arguments: [(7_999, ScheduleKind.constant), (8_000, .cosine)])
  func ratesFallInLongRuns(steps: Int, schedule: ScheduleKind) throws {
    try withFolder { folder in
      let recipe = try AutoRecipe(for: try load("digits", folder), .steps(steps)).recipe
      for player in [recipe.generator, recipe.discriminator] { #expect(player.schedule == schedule) }
      if schedule == .cosine { #expect(recipe.generator.scheduleSteps == steps) }
    }
  }

  @Test func theDiscriminatorsGradientIsLimitedOnce() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      #expect(try AutoRecipe(for: data, .steps(10)).recipe.discriminator.clipNorm == 1)
      let clipped = try AutoRecipe(for: data, .steps(10)) { try $0.set("discriminator.clip_value", "0.1") }.recipe
      #expect(clipped.discriminator.clipNorm == 0 && clipped.discriminator.clipValue == 0.1)
    }
  }

  @Test func whatSomebodyWantsWins() throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("digits", folder), .samples(6400)) {
        try $0.set("generator.learning_rate", "0.001")
        try $0.set("average_decay", "0")
        try $0.set("base_width", "8")
      }
      #expect(auto.recipe.generator.learningRate == 0.001)
      #expect(auto.recipe.averageDecay == 0 && auto.recipe.baseWidth == 8)
      #expect(auto.recipe.steps == 100)
    }
  }

  @Test func stepsAreLimitsAndNoSetting() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let said = sentence { _ = try AutoRecipe(for: data, .steps(10)) { try $0.set("steps", "20") } }
      #expect(said?.contains("leave out steps=20") == true)
      let both = try AutoRecipe(for: data, Limits(steps: 5, samples: 24, minutes: 10)).recipe
      #expect(both.steps == 3)
    }
  }

  @Test func anotherGameIsNotBalancedByTheRulesOfThisOne() throws {
    try withFolder { folder in
      let recipe = try AutoRecipe(for: try load("digits", folder), .steps(10)) {
        try $0.set("objective", "wasserstein")
        try $0.set("gradient_penalty", "10")
      }.recipe
      #expect(recipe.penalties.r1 == 0 && recipe.penalties.r2 == 0)
    }
  }

  @Test(arguments: [
    (["r1=2"], 2.0, 1.0, 4), (["penalty_interval=8"], 1, 1, 8), (["consistency_real=10"], 1, 1, 4),
    (["r1=0", "r2=0"], 0, 0, 4),
    (["objective=hinge"], 1, 1, 4), (["objective=non-saturating", "update=one-stage"], 1, 0, 4),
    (["discriminator_norm=spectral"], 0, 0, 1), (["dragan=10"], 0, 0, 1), (["weight_clip=0.01"], 0, 0, 1),
  ])
  func oneChangeLeavesTheOtherTermsAlone(changes: [String], r1: Double, r2: Double, interval: Int) throws {
    try withFolder { folder in
      let recipe = try AutoRecipe(for: try load("digits", folder), .steps(Balance.longRun)) {
        try $0.set(all: changes)
      }.recipe
      #expect(recipe.penalties.r1 == r1 && recipe.penalties.r2 == r2 && recipe.penalties.interval == interval)
      // What keeps D within bounds otherwise has no part in the rates found with R1 and R2.
      #expect((recipe.generator.learningRate == 1.6e-3) == (interval > 1))
      #expect((recipe.discriminator.clipNorm == 1) == (interval > 1))
      #expect((recipe.generator.schedule == .cosine) == (interval > 1))
    }
  }

  @Test(arguments: [
    (NetworkKind.mlp, AdversarialRecipe.mlp), (.dcganKeras, .dcganKeras), (.resnet, .sngan), (.r3gan, .r3gan),
    (.stylegan2, .stylegan2), (.fastgan, .fastgan),
  ])
  func anotherNetworkComesWithTheGameOfItsRecipe(network: NetworkKind, own: AdversarialRecipe) throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("digits", folder), .steps(10)) { try $0.set("network", network.rawValue) }
      var expected = own
      (expected.name, expected.purpose) = (AutoRecipe.name, AutoRecipe.purpose)
      (expected.steps, expected.precision, expected.averageDecay) = (10, expected.precision.settled, 0.99)
      expected.averages = 2
      expected.fit(toSteps: 10)
      expected.conditionGenerator = network.conditionings[0]
      expected.conditionDiscriminator = .projection
      #expect(auto.recipe == expected)
      #expect(auto.reasons[0].contains("the network you asked for, with the game of \(own.name)"))
    }
  }

  @Test func aProjectedDiscriminatorBringsItsGame() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      let recipe = try AutoRecipe(for: data, .steps(Balance.longRun)) {
        try $0.set(all: ["projected=true", "feature_network=none"])
      }.recipe
      #expect(recipe.objective == .hinge && recipe.norm == .batch && !recipe.penalties.isLazy)
      #expect(recipe.generator.learningRate == 8e-4 && recipe.discriminator.learningRate == 8e-4)
      #expect(recipe.generator.beta1 == 0 && recipe.discriminator.clipNorm == 0)
      let wished = try AutoRecipe(for: data, .steps(10)) {
        try $0.set(all: [
          "projected=true", "feature_network=none", "objective=relativistic-pairing", "discriminator_norm=none",
        ])
      }.recipe
      #expect(wished.objective == .relativisticPairing && wished.norm == .none && wished.penalties.r1 == 0)
    }
  }

  @Test func aNetworkThatCannotDrawThesePicturesIsRefused() throws {
    try withFolder { folder in
      let ring = try load("ring8", folder)
      for network in ["dcgan", "resnet", "r3gan"] {
        let said = sentence { _ = try AutoRecipe(for: ring, .steps(10)) { try $0.set("network", network) } }
        #expect(said?.contains("1 is not one of them") == true, "\(said ?? "accepted")")
      }
    }
  }

  @Test func aFewPicturesMakeABatchOfTwo() throws {
    try withFolder { folder in
      let few = try tinyPictures(in: folder, count: 5)
      let recipe = try AutoRecipe(for: few, .steps(10)) { try $0.set("network", "dcgan-keras") }.recipe
      #expect(recipe.batch == 2)
    }
  }

  @Test func whatFadesOutDoesSoInHalfOfTheRun() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      let recipe = try AutoRecipe(for: data, .steps(1000)) { try $0.set("instance_noise", "0.1") }.recipe
      #expect(recipe.instanceNoiseSteps == 500 && recipe.topKSteps == 500)
      let own = try AutoRecipe(for: data, .steps(1000)) {
        try $0.set("instance_noise", "0.1")
        try $0.set("instance_noise_steps", "0")
      }
      #expect(own.recipe.instanceNoiseSteps == 0)
    }
  }

  @Test func minutesBecomeStepsByTheMachinesPace() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      func steps(_ minutes: Double) throws -> Int {
        try AutoRecipe(for: data, .minutes(minutes)) { try $0.set("base_width", "4") }.recipe.steps
      }
      // The pace is measured each time: a hundredfold difference stays clear of its noise.
      #expect(try steps(10) > 10 * steps(0.1))
    }
  }

  @Test func whatMetricsAloneLimitIsPlannedForTheUsualTime() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let auto = try AutoRecipe(for: data, .metric(.fid, below: 5)) { try $0.set("base_width", "4") }
      #expect(auto.recipe.steps > 1000)
      #expect(auto.reasons.contains { $0.contains("steps: 10 minutes at") })
    }
  }

  /// Penalties that come once in a run cost next to nothing; waiting for one would outlast the run.
  @Test(.timeLimit(.minutes(5))) func seldomPenaltiesAreNotWaitedFor() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try AutoRecipe(for: data, .minutes(0.01)) {
        try $0.set(all: ["base_width=4", "penalty_interval=1000000"])
      }.recipe
      #expect(recipe.steps > 10)
    }
  }

  @Test func anAutomaticRunResumesExactly() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try AutoRecipe(for: data, .steps(6)) { try $0.set("base_width", "4") }.recipe
      let whole = try Trainer(recipe, data: data, run: .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run()
      try Trainer(recipe, data: data, run: .create(folder + "/stopped"), settings: tinySettings(data))
        .run(until: .steps(3))
      let resumed = try Trainer(resuming: .open(folder + "/stopped"), data: data) { Issue.record("passed over: \($0)") }
      #expect(resumed.adversarial.recipe == whole.adversarial.recipe)
      try resumed.run(until: .steps(6))
      expectEqual(resumed.game.bits, whole.game.bits)
    }
  }
}
