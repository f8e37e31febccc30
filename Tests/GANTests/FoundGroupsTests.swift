import Datasets
import Foundation
import GAN
import Testing
import Torch

/// Groups that are found in pictures without labels, and the game that is conditional on them.
@Suite struct FoundGroupsTests {
  /// Pictures of 8x8 without labels: lines, columns and dark ones in turn, with some noise.
  private func pictures(_ count: Int) throws -> Dataset {
    var random = CounterRandom(seed: 1, stream: 7, index: 0)
    var pixels: [UInt8] = []
    for index in 0..<count {
      for place in 0..<64 {
        let isLight = [place / 16 % 2 == 0, place / 2 % 2 == 0, false][index % 3]
        pixels.append(UInt8((isLight ? 200 : 10) + random.below(40)))
      }
    }
    return try Dataset(name: "kinds", columns: [.pictures(pixels, SampleShape(channels: 1, height: 8, width: 8))])
  }

  private func recipe(_ more: String...) throws -> AdversarialRecipe {
    try tinyRecipe(
      .mlp, ["condition_generator=concatenation", "condition_discriminator=projection", "groups=3"] + more)
  }

  @Test func kindsOfPicturesAreFoundAndPlayed() throws {
    try withFolder { folder in
      let data = try pictures(600)
      let options = LoadOptions(environment: ["HOME": folder])
      var steps = 0
      func found() throws -> Dataset { try FoundGroups.adding(3, to: data, options: options) { steps = $0.steps } }
      let divided = try found()
      #expect(steps > 0)
      let groups = try #require(divided[FoundGroups.column]).integers
      for kind in 0..<3 { #expect(Set(groups.indices.filter { $0 % 3 == kind }.map { groups[$0] }).count == 1) }
      #expect(divided.fingerprint == data.fingerprint && divided.labels == nil && divided.columns.count == 1)
      // The second time the cache has the encoder, and data that have groups are taken as they are.
      steps = 0
      #expect(try #require(try found()[FoundGroups.column]).integers == groups)
      #expect(try FoundGroups.adding(3, to: divided, options: options) { steps = $0.steps } === divided)
      #expect(steps == 0)

      let game = try #require(try recipe().makeGame(for: divided, seed: 1) as? AdversarialGame)
      let loader = try BatchLoader(game.feeds(of: divided), batchSize: 600, seed: 1)
      let batch = Batch(try loader.next())
      #expect(batch.names == ["images", "classes"])
      let classes = try #require(batch.column(.classes)).tensor.array(of: Int.self)
      #expect((0..<3).allSatisfy { group in classes.filter { $0 == group }.count == 200 })
      let table = try #require(game.product.blueprint.classTable)
      #expect(table.counts == [200, 200, 200] && table.isFound)
      // They are drawn as often as they occur, not in turn, and have no columns of their own.
      let sampler = Sampler(game.product, seed: 1, classes: .inTurn)
      #expect(sampler.previewCount == 64)
      #expect(try #require(sampler.classes(0..<6)).array(of: Int.self) != [0, 1, 2, 0, 1, 2])
      // In the report: two rows of sixteen pictures, of two groups and one; a frame of two pixels is around all.
      let exhibit = try #require(game.exhibits(of: divided, seed: 1).first)
      #expect(exhibit.name == "groups")
      if case .picture(let picture) = exhibit.preview.content {
        #expect(picture.width - 2 == 8 * (picture.height - 2))
      }
      // The file that one ships knows that the classes were found.
      try ModelFile.write(game.product, to: folder + "/g")
      #expect(try ModelFile.read(folder + "/g", .standard).blueprint.classTable == table)
    }
  }

  /// A run keeps its groups, and goes on with them bit for bit whatever would be found again.
  @Test func aRunGoesOnWithItsGroups() throws {
    try withFolder { folder in
      let data = try pictures(60)
      let divided = try data.deriving(.labels((0..<60).map { Int32($0 % 7 % 3) }, count: 3, name: FoundGroups.column))
      func trainer(_ name: String) throws -> Trainer {
        try Trainer(try recipe("batch=8"), data: divided, run: .create("\(folder)/\(name)"))
      }
      try trainer("whole").run(until: .steps(6))
      try trainer("parts").run(until: .steps(3))
      let run = try RunDirectory.open("\(folder)/parts")
      #expect(try run.derivingColumns(of: data)[FoundGroups.column]?.integers == divided[FoundGroups.column]?.integers)
      try Trainer(resuming: run, data: data) { _ in }.run(until: .steps(6))
      let files = ["whole", "parts"].map { "\(folder)/\($0)/generator.safetensors" }
      #expect(try Data(contentsOf: URL(fileURLWithPath: files[0])) == Data(contentsOf: URL(fileURLWithPath: files[1])))
      // Other data are refused as such.
      let other = sentence { _ = try Trainer(resuming: run, data: try pictures(30)) { _ in } }
      #expect(other?.contains("trained on other data") == true, "\(other ?? "accepted")")
      try Data("damaged".utf8).write(to: URL(fileURLWithPath: run.path + "/columns.safetensors"))
      #expect(sentence { _ = try Trainer(resuming: run, data: data) { _ in } }?.contains("columns.safetensors") == true)
      try FileManager.default.removeItem(atPath: run.path + "/columns.safetensors")
      let missing = sentence { _ = try Trainer(resuming: run, data: data) { _ in } }
      #expect(missing?.contains("without the groups of its pictures") == true, "\(missing ?? "accepted")")
    }
  }

  @Test func whatCannotBeDividedIsRefused() throws {
    let few = try pictures(2)
    let said = sentence { try recipe().validate(for: few) }
    #expect(said?.contains("groups=3 needs at least 3 pictures, and kinds has 2") == true, "\(said ?? "accepted")")
    let points = try DataSource("ring8").load(.train)
    #expect(sentence { try recipe().validate(for: points) }?.contains("set groups=0") == true)
    var unread = try recipe()
    try unread.set(all: ["condition_generator=none", "condition_discriminator=none"])
    #expect(unread.useOfUnreadSetting("groups") != nil)
  }

  @Test func autoFindsGroupsWhereThereAreNoLabels() throws {
    let (few, many) = (try pictures(4_999), try pictures(5_000))
    #expect(AutoRecipe.groups(in: few, .minutes(10)) == 0)
    #expect(AutoRecipe.groups(in: many, .minutes(10)) == 10)
    #expect(AutoRecipe.groups(in: many, .steps(1_000)) == 10)
    #expect(AutoRecipe.groups(in: many, .steps(999)) == 0)
    #expect(AutoRecipe.groups(in: many, .minutes(4.9)) == 0)
    #expect(AutoRecipe.groups(in: try DataSource("ring8").load(.train), .minutes(10)) == 0)
    let labelled = try Dataset(
      name: "labelled", columns: [many.images, .labels((0..<5_000).map { Int32($0 % 2) })])
    #expect(AutoRecipe.groups(in: labelled, .minutes(10)) == 0)
  }

  /// Changes turn groups on and off, whatever the rule says.
  @Test func groupsAreSetByHand() throws {
    func played(_ data: Dataset, _ assignments: String...) throws -> AdversarialRecipe {
      try AutoRecipe.played(for: data, minutes: 10) { try $0.set(all: assignments) }.recipe
    }
    let (few, many) = (try pictures(100), try pictures(5_000))
    let usual = try played(many)
    #expect(usual.groups == 10 && usual.conditionDiscriminator == .projection)
    for off in ["groups=0", "condition_generator=none"] {
      let recipe = try played(many, off)
      #expect(!recipe.isConditional && recipe.groups == 0 && recipe.conditionDiscriminator == .none)
      #expect(recipe.useOfUnreadSetting("groups") == nil)
    }
    #expect(!(try played(many, "packing=2").isConditional))
    let asked = try played(few, "groups=4")
    #expect(asked.groups == 4 && asked.isConditional)
    let labelled = try Dataset(name: "labelled", columns: [many.images, .labels((0..<5_000).map { Int32($0 % 2) })])
    #expect(try played(labelled).groups == 0 && played(labelled, "groups=6").groups == 6)
    let reasons = try AutoRecipe.played(for: labelled, minutes: 10) { try $0.set(all: ["groups=6"]) }.reasons
    #expect(reasons.contains { $0.hasPrefix("groups: in place of the class labels") }, "\(reasons)")
  }
}
