import Foundation
import GAN
import Testing

/// Games between collections without pairs: CycleGAN, CUT and FastCUT.
@Suite struct UnpairedTranslationTests {
  private static let names = ["cyclegan", "cut", "fastcut"]
  private static let tiny = [
    "base_width=1", "discriminator_width=2", "discriminator_layers=1", "blocks=5", "batch=2", "precision=float32",
    "patches=16",
  ]

  private func recipe(_ name: String, _ assignments: [String] = []) throws -> any Recipe {
    var recipe = try Catalog.named(name)
    let keys = Self.keys(recipe)
    try set(&recipe, (Self.tiny + assignments).filter { keys.contains(String($0.prefix { $0 != "=" })) })
    return recipe
  }

  private func set(_ recipe: inout any Recipe, _ assignments: [String]) throws {
    for assignment in assignments {
      let parts = assignment.split(separator: "=").map(String.init)
      try recipe.set(parts[0], parts[1])
    }
  }

  private static func keys<R: Recipe>(_ recipe: R) -> Set<String> { Swift.Set(R.settings.map(\.key)) }

  /// Two collections of noise of different brightness, 5 and 7 pictures.
  private func collections(side: Int = 16, channels: (Int, Int) = (1, 1)) throws -> Dataset {
    func pictures(_ count: Int, _ channels: Int, _ salt: Int) -> StoredColumn {
      let shape = SampleShape(channels: channels, height: side, width: side)
      return .pictures(
        (0..<(count * shape.elementCount)).map {
          UInt8(truncatingIfNeeded: (($0 &+ salt) &* 2_654_435_761) >> 13) / 2 + UInt8(salt)
        }, shape)
    }
    let targets = try Dataset(name: "targets", columns: [pictures(7, channels.1, 100)])
    return try Dataset(name: "sources", columns: [pictures(5, channels.0, 3)], counterpart: targets)
  }

  @Test(arguments: names, [[], ["accumulation=2", "norm=batch", "average_decay=0.9"]])
  func aResumedRunEqualsOneThatNeverStopped(name: String, assignments: [String]) throws {
    try withFolder { folder in
      let data = try collections()
      // The pool is full after a step.
      let recipe = try recipe(name, assignments + ["pool=3"])
      let settings = RunSettings(data: data.name, threads: 1)
      let whole = try Trainer(recipe, data: data, run: try .create(folder + "/whole"), settings: settings)
      try whole.run(until: .steps(5))
      try Trainer(recipe, data: data, run: try .create(folder + "/run"), settings: settings).run(until: .steps(2))
      let resumed = try Trainer(resuming: try .open(folder + "/run"), data: data) { Issue.record("passed over: \($0)") }
      try resumed.run(until: .steps(5))
      expectEqual(resumed.game.bits, whole.game.bits)
      let began = try recipe.makeGame(for: data, seed: 1).bits
      #expect(began.contains { whole.game.bits[$0.key] != $0.value })
      #expect(FileManager.default.fileExists(atPath: folder + "/run/samples.png"))
    }
  }

  @Test(arguments: names) func twoPartsMakeOneLargeBatch(name: String) throws {
    func played(_ assignments: [String]) throws -> any Game {
      let sgd = ["generator", "discriminator", "projection"].map { "\($0).optimizer=sgd" }
      let recipe = try recipe(name, sgd + assignments)
      let game = try recipe.makeGame(for: collections(), seed: 1)
      var number = 0
      let step = TrainingStep(game, recipe.training, seed: 3) {
        defer { number += recipe.batch }
        // Row after row of one sequence, whatever the batch.
        let rows = (number..<(number + recipe.batch)).map { row in
          [10, 20].map { RandomStream(seed: UInt64($0 + 100 * row)).uniform([1, 1, 16, 16], -1, 1) }
        }
        return Batch(count: recipe.batch).with(.images, Images(.concatenated(rows.map { $0[0] })))
          .with(.target, Images(.concatenated(rows.map { $0[1] })))
      }
      for number in 0..<2 { _ = try step(number, attempt: 0) }
      return game
    }
    let (parts, whole) = (try played(["accumulation=2", "batch=2"]), try played(["batch=4"]))
    #expect(whole.bits != (try recipe(name, ["batch=4"]).makeGame(for: collections(), seed: 1)).bits)
    for (one, other) in zip(parts.players.flatMap(\.parameters), whole.players.flatMap(\.parameters)) {
      let scale = max(1, other.detached().abs().max().item)
      #expect((one.detached() - other.detached()).abs().max().item < 1e-5 * scale)
    }
  }

  /// On two threads, the independent parts of a phase are computed side by side. In a process of its own, since the number of
  /// threads is the process's.
  @Test func stepsAreTheSameOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      for name in UnpairedTranslationTests.names {
        let played = try [1, 2, 2, 3].map { try UnpairedTranslationTests().bits(name, threads: $0) }
        if played.contains(where: { $0 != played[0] }) { exit(1) }
      }
    }
  }

  private func bits(_ name: String, threads: Int) throws -> [String: [UInt8]] {
    Machine.threads = threads
    let (data, recipe) = (try collections(), try recipe(name, ["base_width=16", "discriminator_width=16"]))
    let game = try recipe.makeGame(for: data, seed: 1)
    let loader = try BatchLoader(game.feeds(of: data), batchSize: recipe.batch, seed: 1)
    let step = TrainingStep(game, recipe.training, seed: 3) { Batch(try loader.next()) }
    for number in 0..<8 { _ = try step(number, attempt: 0) }
    return game.bits
  }

  @Test func aPoolShowsOlderImages() {
    let pool = ImagePool(capacity: 2, channels: 1, height: 1, width: 1, dtype: .float32, device: .cpu)
    func shown(_ values: [Float], first: Int, _ draws: [Float]) -> [Float] {
      pool.shown(
        Images(Tensor(values, shape: [values.count, 1, 1, 1])), first: first,
        draws: Tensor(draws, shape: [values.count, 2])
      ).tensor.array(of: Float.self)
    }
    // Whatever is drawn, the first two are kept and shown.
    #expect(shown([1, 2], first: 0, [0.9, 0.9, 0.9, 0]) == [1, 2])
    // Drawn above a half, an older one is shown, and the new one takes its place.
    #expect(shown([3], first: 2, [0.51, 0.5]) == [2])
    #expect(shown([4], first: 3, [0.5, 0.5]) == [4])
    #expect(shown([5, 6], first: 4, [0.9, 0.99, 0.9, 0.99]) == [3, 5])
    #expect(pool.images.array(of: Float.self) == [1, 6])
  }

  @Test func theFileOfCycleGANHoldsBothDirections() throws {
    try withFolder { folder in
      let data = try collections()
      let game = try recipe("cyclegan").makeGame(for: data, seed: 3)
      let path = folder + "/model.safetensors"
      try ModelFile.write(game.product, to: path)
      let model = try #require(try ModelFile.read(path, .standard) as? Translator)
      #expect(model.blueprint == game.product.blueprint && model.directions == [.aToB, .bToA])
      let trained = try #require(game.product as? Translator)
      let sources = Batch(count: 2).with(.images, Images(try data.samples(0..<2)))
      var made: [[UInt8]] = []
      for direction in model.directions {
        let (read, own) = (try model.oneWay(direction), try trained.oneWay(direction))
        #expect(read.directions == [.aToB])
        #expect(read(sources)[.target].tensor.bits == own(sources)[.target].tensor.bits)
        made.append(read(sources)[.target].tensor.bits)
        // A model of one direction is a file of its own.
        try ModelFile.write(read, to: folder + "/\(direction.rawValue).safetensors")
        let alone = try ModelFile.read(folder + "/\(direction.rawValue).safetensors", .standard)
        #expect(alone(sources)[.target].tensor.bits == made.last)
      }
      #expect(made[0] != made[1] && model(sources)[.target].tensor.bits == made[0])
      let oneWay = try model.oneWay(.aToB)
      #expect(sentence { _ = try oneWay.oneWay(.bToA) }?.contains("translates one way only") == true)
    }
  }

  @Test(arguments: names) func aRunBeginsWithTheWeightsOfAFile(name: String) throws {
    try withFolder { folder in
      let data = try collections()
      let first = try recipe(name).makeGame(for: data, seed: 3)
      let path = folder + "/model.safetensors"
      try ModelFile.write(first.product, to: path)
      let started = try recipe(name, ["start_from=\(path)", "average_decay=0.9"]).makeGame(for: data, seed: 4)
      let fresh = try recipe(name).makeGame(for: data, seed: 4)
      #expect(started.product.state.entries.map(\.tensor.bits) == first.product.state.entries.map(\.tensor.bits))
      #expect(started.product.state.entries.map(\.tensor.bits) != fresh.product.state.entries.map(\.tensor.bits))
      let other = try recipe(name, ["start_from=\(path)", "base_width=2"])
      #expect(sentence { _ = try other.makeGame(for: data, seed: 4) }?.contains("holds another network") == true)
    }
  }

  @Test(arguments: names) func translationsAreJudgedAgainstTheOtherCollection(name: String) throws {
    try withFolder { folder in
      let data = try collections()
      var settings = RunSettings(data: data.name, threads: 1)
      settings.judging.every = 1
      settings.judging.metrics = [.fid]
      let trainer = try Trainer(
        try recipe(name), data: data, heldOut: try collections(), run: try .create(folder + "/run"), settings: settings)
      var found: [MetricRecord] = []
      try trainer.run(until: .steps(1)) { event in
        if case .evaluated(let evaluation) = event { found = evaluation.metrics }
        return .continue
      }
      let record = try #require(found.first)
      #expect(record.dataFingerprint == data.counterpart?.fingerprint)
      #expect((record.realCount, record.fakeCount) == (7, 5))
    }
  }

  @Test(arguments: [
    ("cyclegan", "base_width=2"), ("cyclegan", "blocks=6"), ("cyclegan", "discriminator_width=3"),
    ("cyclegan", "discriminator_layers=2"), ("cyclegan", "norm=none"), ("cyclegan", "dropout=0.5"),
    ("cyclegan", "objective=hinge"), ("cyclegan", "cycle_weight=1"), ("cyclegan", "identity_weight=0"),
    ("cyclegan", "pool=0"), ("cyclegan", "average_decay=0.9"), ("cyclegan", "jitter=1"), ("cyclegan", "flip=false"),
    ("cut", "base_width=2"), ("cut", "blocks=6"), ("cut", "discriminator_layers=2"), ("cut", "norm=batch"),
    ("cut", "projection_width=8"), ("cut", "objective=non-saturating"), ("cut", "contrast_weight=2"),
    ("cut", "identity=false"), ("cut", "patches=8"), ("cut", "temperature=0.2"), ("cut", "average_decay=0.9"),
    ("fastcut", "mirrors=false"), ("cut", "projection.learning_rate=0.1"), ("cut", "generator.learning_rate=0.1"),
  ])
  func everySettingIsRead(name: String, assignment: String) throws {
    let data = try collections()
    func played(_ assignments: [String]) throws -> [String: [UInt8]] {
      // A pool that fills in a step, so that what it shows depends on it.
      let recipe = try recipe(name, ["pool=2"] + assignments)
      let game = try recipe.makeGame(for: data, seed: 1)
      let loader = try BatchLoader(game.feeds(of: data), batchSize: 2, seed: 2)
      let step = TrainingStep(game, recipe.training, seed: 3) { Batch(try loader.next()) }
      for number in 0..<4 { _ = try step(number, attempt: 0) }
      return game.bits
    }
    #expect(try played([assignment]) != played([]))
  }

  /// The learning rate stays for half of a run, or what schedule_hold says, and falls to zero with its end.
  @Test(arguments: [("cyclegan", 0.5), ("cut", 0.5), ("fastcut", 0.75), ("pix2pix", 0.5)])
  func theLearningRateFallsInTheLastPart(name: String, held: Double) throws {
    var recipe = try #require(try Catalog.named(name) as? any TranslatingRecipe)
    recipe.fit(toSteps: 1000)
    let schedule = recipe.generator.learningRateSchedule
    #expect(schedule.factor(at: 1000 * held) == 1 && schedule.factor(at: 1000) == 0)
    #expect(abs(schedule.factor(at: 1000 * (held + 1) / 2) - 0.5) < 1e-12)
    try recipe.set("generator.schedule_hold", "0")
    #expect(recipe.generator.learningRateSchedule.factor(at: 500) == 0.5)
    #expect(recipe.discriminator.learningRateSchedule == schedule)
  }

  @Test func whatCannotBeTranslatedIsRefused() throws {
    func refusal(_ name: String, _ data: Dataset, _ assignments: [String] = []) throws -> String? {
      let recipe = try recipe(name, assignments)
      return sentence { try recipe.validate(for: data) }
    }
    let shape = SampleShape(channels: 1, height: 16, width: 16)
    let alone = try Dataset(name: "alone", columns: [.pictures([UInt8](repeating: 0, count: 512), shape)])
    for name in Self.names {
      #expect(try refusal(name, alone)?.contains("alone has one: give two with --from DIR --to DIR") == true)
      #expect(
        try refusal(name, collections(side: 18))?.contains("multiples of 4 from 8 on, and these have 18x18") == true)
      #expect(try refusal(name, collections(), ["discriminator_layers=3"])?.contains("24x24 pixels or more") == true)
      #expect(try refusal(name, collections(channels: (1, 3))) != nil)
      #expect(try refusal(name, collections()) == nil)
      #expect(sentence { try recipe(name, ["objective=wasserstein"]).validate() }?.contains("Lipschitz") == true)
    }
    #expect(try refusal("cyclegan", collections(channels: (1, 3)), ["identity_weight=0"]) == nil)
    #expect(try refusal("pix2pix", collections())?.contains("holds two collections without pairs") == true)
  }

  /// Sides of pairs are two collections: each in an order of its own.
  @Test func theSidesOfPairsAreShuffledApart() throws {
    let shape = SampleShape(channels: 1, height: 16, width: 16)
    let pixels = (0..<(20 * 256)).map { UInt8($0 / 256) }
    let data = try Dataset(
      name: "pairs", columns: [.pictures(pixels, shape), .pictures(pixels, shape, name: "target")])
    let game = try recipe("cut", ["jitter=1", "flip=false"]).makeGame(for: data, seed: 1)
    let batch = Batch(try BatchLoader(game.feeds(of: data), batchSize: 20, seed: 1).next())
    let (sources, targets) = (batch[.images].tensor, batch[.target].tensor)
    #expect(sources.bits != targets.bits)
    #expect(abs((sources.mean() - targets.mean()).item) < 1e-6)
  }
}
