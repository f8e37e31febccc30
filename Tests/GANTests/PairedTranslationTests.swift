import Foundation
import GAN
import Testing

@Suite struct PairedTranslationTests {
  private func batch(_ number: Int, count: Int) throws -> Batch {
    let data = try TinyPix2Pix.pairs(side: 8, count: count, first: number * count)
    var batch = Batch(count: count)
    for column in data.columns { batch[column.name] = column.format.domain.tensor(column).to(.float64) }
    return batch
  }

  private func play(_ game: PairedTranslation, steps: Int) throws -> Scalars {
    var number = 0
    let step = TrainingStep(game, game.recipe.training, seed: 3) {
      defer { number += 1 }
      return try batch(number, count: game.recipe.batch)
    }
    return try (0..<steps).map { try step($0, attempt: 0) }.last ?? Scalars()
  }

  private func expectNear(_ a: PairedTranslation, _ b: PairedTranslation) {
    for (one, other) in zip(a.tensors, b.tensors) where one.tensor.dtype == .float64 {
      #expect((one.tensor.detached() - other.tensor.detached()).abs().max().item < 1e-12, "\(one.name)")
    }
  }

  /// Equations 1 and 3 of the paper, D's divided by 2, in float64; G's drawing is that which D saw, D's word of it is new.
  @Test func aStepIsThePapers() throws {
    let sgd = ["norm=batch", "generator.optimizer=sgd", "discriminator.optimizer=sgd", "l1_weight=7"]
    let (trained, byHand) = (try TinyPix2Pix.game(sgd), try TinyPix2Pix.game(sgd))
    let scalars = try play(trained, steps: 3)

    let (g, d) = (byHand.players[0], byHand.players[1])
    let pass = Pass.training(RandomStream(seed: 0))
    var (lossD, lossG, distance) = (0.0, 0.0, 0.0)
    for step in 0..<3 {
      let pair = try batch(step, count: 2)
      let (source, target) = (pair[.images].tensor, pair[.target].tensor)
      func probability(_ images: Tensor) -> Tensor {
        byHand.discriminator(Images(.concatenated([source, images], axis: 1)), pass).tensor.sigmoid()
      }
      let fake = byHand.generator.network(Images(source), pass).tensor
      let real = probability(target).log().mean()
      let ofD = (real + (probability(fake.detached()).onesLike() - probability(fake.detached())).log().mean()) * -0.5
      d.optimizer.step(gradients(of: ofD, with: d.parameters))
      let l1 = (fake - target).abs().mean()
      let ofG = l1 * 7 - probability(fake).log().mean()
      g.optimizer.step(gradients(of: ofG, with: g.parameters))
      (lossD, lossG, distance) = (ofD.item, ofG.item, l1.item)
    }
    // The hand's D looks at each drawing once more, which only its running statistics remember.
    for (one, other) in zip(trained.players.flatMap(\.parameters), byHand.players.flatMap(\.parameters)) {
      #expect((one.detached() - other.detached()).abs().max().item < 1e-12)
    }
    #expect(abs(scalars.lossDiscriminator - lossD) < 1e-12 && abs(scalars.lossGenerator - lossG) < 1e-12)
    #expect(abs((scalars[.targetDistance] ?? .nan) - distance) < 1e-12)
    #expect(scalars.count == 6)
    // G draws once a step.
    #expect(trained.generator.state["model.model.1.model.2.num_batches_tracked"]?.item == 3)
  }

  @Test func twoPartsMakeOneLargeBatch() throws {
    let plain = ["norm=instance", "generator.optimizer=sgd", "discriminator.optimizer=sgd"]
    let parts = try TinyPix2Pix.game(plain + ["accumulation=2"])
    let whole = try TinyPix2Pix.game(plain + ["batch=4"])
    let beginning = whole.bits
    _ = try play(parts, steps: 2)
    _ = try play(whole, steps: 2)
    #expect(whole.bits != beginning)
    expectNear(parts, whole)
  }

  @Test(arguments: [
    ["norm=batch"], ["norm=instance", "objective=least-squares", "accumulation=2", "jitter=1", "flip=false"],
  ])
  func aResumedRunEqualsOneThatNeverStopped(assignments: [String]) throws {
    try withFolder { folder in
      // Below 64 pixels the U-Net has no dropout.
      let data = try TinyPix2Pix.pairs(side: 64)
      let recipe = try TinyPix2Pix.recipe(assignments)
      let settings = RunSettings(data: data.name, threads: 1)
      let whole = try Trainer(recipe, data: data, run: try .create(folder + "/whole"), settings: settings)
      try whole.run(until: .steps(5))
      try Trainer(recipe, data: data, run: try .create(folder + "/run"), settings: settings).run(until: .steps(2))
      let resumed = try Trainer(resuming: try .open(folder + "/run"), data: data) { Issue.record("passed over: \($0)") }
      try resumed.run(until: .steps(5))
      expectEqual(resumed.game.bits, whole.game.bits)
      let record = try RunRecord.read(folder + "/run/recipe.json")
      #expect(record.recipe as? TranslationRecipe == recipe)
    }
  }

  @Test func theFileOfAModelReadsBack() throws {
    try withFolder { folder in
      let game = try TinyPix2Pix.game(["norm=instance", "dropout=0.25"], side: 16, dtype: .float32)
      let path = folder + "/model.safetensors"
      try ModelFile.write(game.product, to: path)
      let model = try ModelFile.read(path, .standard)
      #expect(model.blueprint == game.product.blueprint)
      let sampler = { (model: any Model) in Sampler(model, seed: 1, of: try TinyPix2Pix.pairs(side: 16)) }
      #expect(try sampler(model).pictures(3) == sampler(game.product).pictures(3))
      let other = sentence { _ = try Sampler(model, seed: 1, of: try TinyPix2Pix.pairs(side: 8)).pictures(1) }
      #expect(other?.contains("takes rows of shape [16, 16, 1] in column 'images', and those of pairs") == true)
      #expect(sentence { _ = try Sampler(model, seed: 1).pictures(1) }?.contains("no data to take it from") == true)
    }
  }

  @Test(arguments: [
    ("norm", "layer", "'norm' is 'layer'; it can be batch or instance"),
    ("dropout", "2", "not a number from 0 to below 1"),
    ("inputs", "[]", "lack the column 'images'"), ("settings", #"{"base_width":0}"#, "lack 'base_width'"),
    ("settings", #"{"base_width":4096}"#, "numbers or more, but the whole file holds"),
  ])
  func aHostileFileIsRefused(member: String, value: String, words: String) throws {
    try withFolder { folder in
      let game = try TinyPix2Pix.game(dtype: .float32)
      let path = folder + "/model.safetensors"
      try ModelFile.write(game.product, to: path)
      let file = try SafetensorsFile(path)
      var metadata = file.metadata
      metadata[member] = value
      let items = try file.tensors().map { SafetensorsWriter.Item($0.key, $0.value) }
      try SafetensorsWriter.write(items, metadata: metadata, to: path)
      let said = sentence { _ = try ModelFile.read(path, .standard) }
      #expect(said?.contains(words) == true, "\(said ?? "read")")
    }
  }

  @Test func whatAreNoPairsItTakesIsRefused() throws {
    func refusal(_ data: Dataset, _ assignments: [String] = []) -> String? {
      sentence { try TinyPix2Pix.recipe(assignments).validate(for: data) }
    }
    let shape = SampleShape(channels: 1, height: 8, width: 8)
    let alone = try Dataset(name: "alone", columns: [.pictures([UInt8](repeating: 0, count: 64), shape)])
    #expect(refusal(alone)?.contains("columns 'images' and 'target', and alone has 'images'") == true)
    #expect(
      refusal(try TinyPix2Pix.pairs(side: 12))?.contains(
        "halves the sides of pictures three times or more, and these have 12x12")
        == true)
    #expect(refusal(try TinyPix2Pix.pairs(side: 8)) == nil)
    let deep = refusal(try TinyPix2Pix.pairs(side: 16), ["discriminator_layers=3"])
    #expect(deep?.contains("24x24 pixels or more, and these have 16x16: set discriminator_layers=2") == true)
    #expect(refusal(try TinyPix2Pix.pairs(side: 16), ["discriminator_layers=2"]) == nil)
    let floats = try Dataset(
      name: "floats",
      columns: ["images", "target"].map { .pictures([Float](repeating: 0, count: 64), shape, name: $0) })
    #expect(refusal(floats)?.contains("set jitter=1") == true)
    #expect(refusal(floats, ["jitter=1"]) == nil)
    let points = try Dataset(name: "points", columns: [.points([0, 0]), .points([0, 0], name: "target")])
    #expect(refusal(points)?.contains("translates pictures, and these are rows of plane") == true)
  }

  @Test(arguments: ["wasserstein", "relativistic-pairing"]) func objectivesItCannotPlayAreRefused(name: String) throws {
    let recipe = try TinyPix2Pix.recipe(["objective=\(name)"])
    #expect(sentence { try recipe.validate() }?.contains("cannot play objective=\(name)") == true)
  }

  @Test func itsNameAndItsSettingsAreKnown() throws {
    #expect(try Catalog.named("pix2pix") as? TranslationRecipe == .pix2pix)
    try TranslationRecipe.pix2pix.validate()
    let settings = TranslationRecipe.settings
    #expect(Set(settings.map(\.key)).count == settings.count)
    #expect(!settings.contains { ["latent_size", "critic_steps", "r1"].contains($0.key) })
    #expect(TranslationRecipe.pix2pix.useOfUnreadSetting("generator.alpha") == "generator.optimizer=rmsprop")
  }

  /// Each setting of the game changes a step.
  @Test(arguments: [
    "depth=4", "average_decay=0.9", "base_width=3", "discriminator_width=3", "discriminator_layers=2", "norm=instance",
    "dropout=0.1",
    "objective=hinge", "l1_weight=1", "feature_weight=10", "jitter=1.5", "flip=false", "generator.learning_rate=0.1",
    "discriminator.learning_rate=0.1",
  ])
  func everySettingIsRead(assignment: String) throws {
    let data = try TinyPix2Pix.pairs(side: 64, count: 4)
    func played(_ assignments: [String]) throws -> [String: [UInt8]] {
      let game = try TinyPix2Pix.game(assignments, side: 64, dtype: .float32)
      let loader = try BatchLoader(game.feeds(of: data), batchSize: 2, seed: 2)
      let step = TrainingStep(game, game.recipe.training, seed: 3) { Batch(try loader.next()) }
      for number in 0..<2 { _ = try step(number, attempt: 0) }
      return game.bits
    }
    #expect(try played([assignment]) != played([]))
  }
}
