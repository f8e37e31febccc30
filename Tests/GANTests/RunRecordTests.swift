import Files
import Foundation
import GAN
import Testing

@Suite struct RunRecordTests {
  /// Begins a run of an unusual recipe and hands over its `recipe.json`.
  private func withRecord(_ body: (String, Recipe, RunSettings) throws -> Void) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try tinyRecipe(
        .dcganKeras,
        [
          "update=simultaneous", "generator.learning_rate=0.30000000000000004", "generator.epsilon=1e-300",
          "generator.optimizer=rmsprop", "generator.momentum=0.1", "average_warm_up=false",
          "discriminator.clip_norm=1.7976931348623157e308",
        ])
      var settings = tinySettings(data)
      (settings.seed, settings.limits) = (.max, Limits(steps: 5, images: 1000, minutes: 0.1))
      let trainer = try Trainer(recipe, data: data, run: try .create(folder + "/run"), settings: settings)
      try body(trainer.run.recipe, recipe, settings)
    }
  }

  @Test func everySettingComesBack() throws {
    try withRecord { path, recipe, settings in
      let record = try RunRecord(contentsOf: path)
      var made = try record.makeRecipe()
      made.purpose = recipe.purpose
      #expect(made == recipe)
      #expect(record.run == settings)
      #expect(record.dataset.count == 40)
    }
  }

  @Test(arguments: [
    ("\"seed\" :", "\"sead\" :", "'run.seed' is missing"),
    ("\"batch\" : 8", "\"batch\" : \"many\"", "batch needs a whole number"),
    ("\"batch\" : 8", "\"bacth\" : 8", "the settings lack batch"),
    ("\"batch\" : 8", "\"batch\" : 8, \"size\" : 1", "has no setting 'size'"),
    ("\"objective\" : \"non-saturating\"", "\"objective\" : \"wasserstein\"", "Lipschitz"),
    ("\"checkpointEvery\" : 500", "\"checkpointEvery\" : 0", "checkpointEvery needs a whole number from 1"),
    ("\"threads\" : 1", "\"threads\" : 100000", "threads needs a whole number from 1 to 1024"),
    ("\"steps\" : 5", "\"steps\" : \"five\"", "wrong type"),
    ("\"minutes\" : 0.1", "\"minutes\" : -3", "limits.minutes needs a number above 0"),
    ("{", "", "not JSON"),
  ])
  func damageIsNamed(from: String, to: String, expected: String) throws {
    try withRecord { path, _, _ in
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      let changed = text.replacing(from, with: to, maxReplacements: from.contains("steps") ? 2 : 1)
      #expect(changed != text)
      try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
      let said = try #require(sentence { _ = try RunRecord(contentsOf: path) })
      #expect(said.hasPrefix(path + ": "))
      #expect(said.contains(expected), "\(said)")
    }
  }

  @Test func theRecordRepeatsTheRunToTheBit() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try tinyRecipe(.dcgan, ["precision=auto", "generator.learning_rate=0.0003"])
      let first = try Trainer(recipe, data: data, run: try .create(folder + "/first"), settings: tinySettings(data))
      try first.run(until: .steps(3))
      let record = try RunRecord(contentsOf: first.run.recipe)
      let second = try Trainer(
        try record.makeRecipe(), data: data, run: try .create(folder + "/second"), settings: record.run)
      try second.run(until: .steps(3))
      expectEqual(first.game.bits, second.game.bits)
    }
  }
}
