import Datasets
import Foundation
import GAN
import Testing

/// When `auto` tells the players the classes, and what follows.
@Suite struct AutoClassesTests {
  private func load(_ source: String, _ folder: String) throws -> Dataset {
    try DataSource(source).load(.test, options: LoadOptions(environment: ["HOME": folder]))
  }

  /// Pictures of 12x12 in IDX files, one for each label.
  private func pictures(of labels: [UInt8], _ folder: String) throws -> Dataset {
    func write(_ bytes: [UInt8], _ sizes: [Int], _ name: String) throws {
      let header: [UInt8] = [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] }
      try Data(header + bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    let pixels = (0..<(labels.count * 144)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    try write(pixels, [labels.count, 12, 12], "train-images-idx3-ubyte")
    try write(labels, [labels.count], "train-labels-idx1-ubyte")
    let data = try DataSource(folder + "/train-images-idx3-ubyte")
      .load(.train, options: LoadOptions(environment: ["HOME": folder]))
    #expect(data.labels?.count == labels.count)
    return data
  }

  @Test(arguments: [(NetworkKind.dcgan, GeneratorConditioning.concatenation), (.resnet, .batchNorm)])
  func bothPlayersAreToldTheClassesOfTheData(network: NetworkKind, generator: GeneratorConditioning) throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("digits", folder), .steps(10)) {
        try $0.set("network", network.rawValue)
      }
      #expect(auto.recipe.conditionGenerator == generator && auto.recipe.conditionDiscriminator == .projection)
      #expect(auto.reasons.contains { $0.contains("gan sample --class") })
    }
  }

  /// Each of these changes makes both players unconditional, whatever the network.
  @Test(arguments: [
    (["condition_generator=none"], "as you asked"), (["condition_discriminator=none"], "as you asked"),
    (["condition_generator=none", "network=resnet"], "as you asked"),
    (["packing=2"], "since the images of a pack have different ones"),
  ])
  func changesThatExcludeClasses(changes: [String], reason: String) throws {
    try withFolder { folder in
      let auto = try AutoRecipe(for: try load("digits", folder), .steps(10)) { try $0.set(all: changes) }
      #expect(auto.recipe.conditionGenerator == .none && auto.recipe.conditionDiscriminator == .none)
      #expect(auto.reasons.contains("classes: not used, " + reason))
    }
  }

  @Test func whoAsksForClassesAndPacksIsRefused() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      let asked = sentence {
        _ = try AutoRecipe(for: data, .steps(10), conditional: true) { try $0.set("packing", "2") }
      }
      #expect(asked?.contains("the images of a pack have different classes") == true, "\(asked ?? "accepted")")
      let set = sentence {
        _ = try AutoRecipe(for: data, .steps(10)) {
          try $0.set(all: ["packing=2", "condition_generator=concatenation"])
        }
      }
      #expect(set?.contains("the images of a pack have different classes") == true, "\(set ?? "accepted")")
      let kept = try AutoRecipe(for: data, .steps(10), conditional: true) {
        try $0.set("condition_generator", "none")
      }
      #expect(!kept.recipe.isConditional && kept.reasons.contains("classes: not used, as you asked"))
    }
  }

  @Test(arguments: ["auxiliary", "concatenation"])
  func anotherWayToTellClassesIsAWishOfOneSetting(way: String) throws {
    try withFolder { folder in
      let recipe = try AutoRecipe(for: try load("digits", folder), .steps(10)) {
        try $0.set("condition_discriminator", way)
      }.recipe
      #expect(recipe.conditionGenerator == .concatenation && recipe.conditionDiscriminator.rawValue == way)
      #expect(recipe.generator.learningRate == 4 * recipe.discriminator.learningRate)
    }
  }

  @Test func theDiscriminatorIsSlowerWhereItIsToldTheClasses() throws {
    try withFolder { folder in
      let data = try load("digits", folder)
      let conditional = try AutoRecipe(for: data, .steps(10))
      #expect(conditional.recipe.generator.learningRate == 4 * conditional.recipe.discriminator.learningRate)
      #expect(conditional.reasons.contains { $0.contains("learning rate 0.0016, D's 0.0004") })
      let kept = try AutoRecipe(for: data, .steps(10)) { try $0.set("condition_generator", "none") }.recipe
      #expect(kept.generator.learningRate == kept.discriminator.learningRate)
    }
  }

  /// Classes that no picture has are gaps in the labels; the smallest of the others counts.
  @Test(arguments: [
    ([3: 100, 7: 100] as [UInt8: Int], true), ([3: 100, 7: 99], false), ([7: 300], false), ([0: 900, 1: 11], false),
  ])
  func gamesAreConditionalWhereThereAreEnoughPicturesOfEachClass(counts: [UInt8: Int], isConditional: Bool) throws {
    try withFolder { folder in
      let labels = counts.sorted { $0.key < $1.key }.flatMap { Array(repeating: $0.key, count: $0.value) }
      let auto = try AutoRecipe(for: try pictures(of: labels, folder), .steps(10))
      #expect(auto.recipe.isConditional == isConditional)
      #expect(auto.reasons.contains { $0.hasPrefix("classes") } == isConditional)
    }
  }

  /// Modes that are counted afterwards are none of the players' business.
  @Test func modesAreToldOnDemandOnly() throws {
    try withFolder { folder in
      for source in ["stacked-digits", "ring8", "grid25"] {
        #expect(try !AutoRecipe(for: try load(source, folder), .steps(10)).recipe.isConditional, "\(source)")
      }
      let stacked = try load("stacked-digits", folder)
      #expect(stacked.classCount == 1000)
      for data in [stacked, try load("ring8", folder)] {
        #expect(try AutoRecipe(for: data, .steps(10), conditional: true).recipe.isConditional, "\(data.name)")
      }
    }
  }

  /// A grid shows the classes that there were pictures of, in turn, and no other can be asked for.
  @Test func gapsInTheLabelsAreNoClassesToDraw() throws {
    try withFolder { folder in
      let table = try ClassTable(try pictures(of: [3, 7, 7, 5], folder))
      #expect(table.counts == [0, 0, 0, 1, 0, 1, 0, 2] && table.occupied == [3, 5, 7])
      #expect(try table.index(of: "7") == 7)
      let said = sentence { _ = try table.index(of: "4") }
      #expect(said?.contains("there are 3, 5, 7") == true, "\(said ?? "accepted")")
      let recipe = try tinyRecipe(.dcgan, ["condition_generator=concatenation", "condition_discriminator=projection"])
      let game = try AdversarialGame(
        recipe, shape: SampleShape(channels: 1, height: 12, width: 12), classes: table, seed: 1)
      let sampler = Sampler(game.generator, seed: 1, classes: .inTurn)
      #expect(sampler.classes(0..<5)?.array(of: Int64.self) == [3, 5, 7, 3, 5])
      #expect(sampler.previewCount == 24)
    }
  }

  @Test func aConditionalRunResumesExactly() throws {
    try withFolder { folder in
      let data = try pictures(of: (0..<200).map { UInt8($0 % 2) }, folder)
      let recipe = try AutoRecipe(for: data, .steps(6)) { try $0.set(all: ["base_width=4", "batch=8"]) }.recipe
      #expect(recipe.isConditional)
      let whole = try Trainer(recipe, data: data, run: .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run()
      try Trainer(recipe, data: data, run: .create(folder + "/stopped"), settings: tinySettings(data))
        .run(until: .steps(3))
      let resumed = try Trainer(resuming: .open(folder + "/stopped"), data: data) { Issue.record("passed over: \($0)") }
      try resumed.run(until: .steps(6))
      expectEqual(resumed.game.bits, whole.game.bits)
    }
  }
}
