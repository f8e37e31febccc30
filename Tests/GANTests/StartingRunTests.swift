import Foundation
import GAN
import Testing

/// A run that begins with the weights of another, and a discriminator whose first layers keep them.
@Suite struct StartingRunTests {
  /// A run of three steps on `data`, in `folder`.
  private func finish(_ recipe: AdversarialRecipe, _ data: Dataset, _ folder: String) throws -> Trainer {
    let trainer = try Trainer(recipe, data: data, run: try .create(folder), settings: tinySettings(data))
    try trainer.run(until: .steps(3))
    return trainer
  }

  @Test func itHasTheNetworksAndWeightsOfTheOther() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let first = try finish(
        tinyRecipe(.dcgan, ["discriminator_norm=none", "extra_layers=1"]), data, folder + "/first")
      var recipe = try tinyRecipe(.mlp, ["base_width=8", "latent_size=3", "frozen_layers=1"])
      try recipe.begin(with: folder + "/first")
      #expect(recipe.network == .dcgan && recipe.baseWidth == 4 && recipe.latentSize == 8)
      let game = try recipe.makeGame(for: data, seed: 7)
      let players = game.bits.filter { !$0.key.contains("_optimizer") }
      expectEqual(players, first.game.bits.filter { !$0.key.contains("_optimizer") })

      // Its own optimizer has no memory of what does not move.
      #expect(!game.tensors.contains { $0.name.hasPrefix("discriminator_optimizer") && $0.name.contains("down1") })
      let whole = try finish(recipe, data, folder + "/second")
      let moved = whole.game.bits.filter { $0.key.hasPrefix("discriminator.") && $0.value != players[$0.key] }.keys
      let still = players.keys.filter { $0.hasPrefix("discriminator.down1.") }
      #expect(Set(moved) == Set(players.keys.filter { $0.hasPrefix("discriminator.") }).subtracting(still))
      #expect(still.count == 2)
    }
  }

  /// The run's own checkpoint has all that is needed to go on.
  @Test func itGoesOnWithoutTheOther() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      _ = try finish(tinyRecipe(.dcgan), data, folder + "/first")
      var recipe = try tinyRecipe(.dcgan, ["frozen_layers=1"])
      try recipe.begin(with: folder + "/first")
      let whole = try finish(recipe, data, folder + "/whole")
      try Trainer(recipe, data: data, run: try .create(folder + "/stopped"), settings: tinySettings(data))
        .run(until: .steps(2))
      try FileManager.default.removeItem(atPath: folder + "/first")
      let resumed = try Trainer(resuming: try .open(folder + "/stopped"), data: data) {
        Issue.record("passed over: \($0)")
      }
      try resumed.run(until: .steps(3))
      expectEqual(resumed.game.bits, whole.game.bits)
    }
  }

  /// Of a game with classes an unconditional one takes all but what is for classes.
  @Test func classesAreLeftOut() throws {
    try withFolder { folder in
      let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let first = try finish(
        tinyRecipe(.dcgan, ["condition_generator=concatenation", "condition_discriminator=projection"]), data,
        folder + "/first")
      var recipe = try tinyRecipe(.dcgan)
      try recipe.begin(with: folder + "/first")
      let game = try recipe.makeGame(for: data, seed: 7)
      let (given, own) = (first.game.tensors, game.tensors)
      func tensor(_ name: String, _ tensors: [(name: String, tensor: Tensor)]) throws -> Tensor {
        try #require(tensors.first { $0.name == name }).tensor
      }
      let project = try tensor("generator.project.weight", own)
      #expect(project.isIdentical(to: try tensor("generator.project.weight", given)[0..<8]))
      #expect(
        try tensor("discriminator.score.weight", own).isIdentical(to: tensor("discriminator.score.weight", given)))
    }
  }

  /// `auto` takes the networks of the run, and with few pictures keeps D's first layer, unless it is told otherwise.
  @Test func autoKeepsTheFirstLayerOfFewPictures() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      _ = try finish(tinyRecipe(.dcgan, ["discriminator_norm=none"]), data, folder + "/first")
      func auto(_ assignments: [String]) throws -> AutoRecipe {
        try AutoRecipe(for: data, .steps(10)) { recipe in
          try recipe.begin(with: folder + "/first")
          try recipe.set(all: assignments)
        }
      }
      let chosen = try auto([])
      #expect(chosen.recipe.frozenLayers == 1 && chosen.recipe.baseWidth == 4 && chosen.recipe.latentSize == 8)
      #expect(chosen.reasons[0].hasSuffix("the networks of the run whose weights it begins with"))
      #expect(chosen.reasons[1].hasSuffix("first; D's first layer keeps its weights, since 40 pictures are few"))
      #expect(try auto(["frozen_layers=0"]).recipe.frozenLayers == 0)
    }
  }

  @Test func whatCannotBeIsRefused() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      _ = try finish(tinyRecipe(.dcgan), data, folder + "/first")
      var recipe = try tinyRecipe(.dcgan)
      try recipe.begin(with: folder + "/first")
      let digits = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let other = sentence { _ = try recipe.makeGame(for: digits, seed: 1) }
      #expect(
        other?.hasSuffix(
          "first: the run draws pictures of 1x12x12, and these are 1x28x28: load these with --size 12x12"
        ) == true, "\(other ?? "accepted")")
      recipe.baseWidth = 8
      let wider = sentence { _ = try recipe.makeGame(for: data, seed: 1) }
      #expect(wider?.contains("the run has other networks") == true, "\(wider ?? "accepted")")
      (recipe.baseWidth, recipe.frozenLayers) = (4, 3)
      let frozen = sentence { _ = try recipe.makeGame(for: data, seed: 1) }
      #expect(frozen?.contains("frozen_layers=3 leaves D nothing to learn") == true, "\(frozen ?? "accepted")")
      let none = sentence { try recipe.begin(with: folder) }
      #expect(none?.contains("this is not a run folder") == true, "\(none ?? "accepted")")
      var gmm = MixtureRecipe.gmm
      let mixture = sentence { try gmm.begin(with: folder + "/first") }
      #expect(mixture == "gmm begins with weights that are drawn, and with no others")
    }
  }
}
