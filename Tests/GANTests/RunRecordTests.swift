import Files
import Foundation
import GAN
import Testing

@Suite struct RunRecordTests {
  /// Begins a run of an unusual recipe and hands over its `recipe.json`.
  private func withRecord(_ body: (String, AdversarialRecipe, RunSettings) throws -> Void) throws {
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
      (settings.seed, settings.limits) = (.max, Limits(steps: 5, samples: 1000, minutes: 0.1))
      let trainer = try Trainer(recipe, data: data, run: try .create(folder + "/run"), settings: settings)
      try body(trainer.run.recipe, recipe, settings)
    }
  }

  @Test func everySettingComesBack() throws {
    try withRecord { path, recipe, settings in
      let record = try RunRecord(contentsOf: path)
      var made = try record.makeRecipe(AdversarialRecipe.self)
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
    ("\"checkpointEvery\" : 500", "\"checkpointEvery\" : 0", "'run.checkpointEvery' needs a whole number from 1"),
    ("\"threads\" : 1", "\"threads\" : 100000", "'run.threads' needs a whole number from 1 to 1024, got 100000"),
    (
      "\"steps\" : 5", "\"steps\" : \"five\"",
      "'run.limits.steps' needs a whole number from 1 to \(Int.max), got \"five\""
    ),
    ("\"steps\" : 5", "\"steps\" : 1e30", "'run.limits.steps' needs a whole number from 1 to \(Int.max), got 1e30"),
    ("\"images\" : 1000", "\"images\" : 0", "'run.limits.images' needs a whole number from 1"),
    ("\"minutes\" : 0.1", "\"minutes\" : -3", "'run.limits.minutes' needs a number above 0, got -3"),
    ("\"minutes\" : 0.1", "\"minutes\" : 1e999", "'run.limits.minutes' needs a number above 0, got 1e999"),
    ("\"seed\" : ", "\"seed\" : -", "'run.seed' needs a whole number from 0 to \(UInt64.max), got -"),
    ("\"seed\" : ", "\"seed\" : 9", "'run.seed' needs a whole number from 0 to \(UInt64.max), got 9"),
    ("\"batch\" : 8", "\"batch\" : 1e30", "batch needs a whole number from 1"),
    ("\"batch\" : 8", "\"batch\" : [8]", "'settings.batch' needs a number, a text, true or false, got [8]"),
    ("\"classesFromFolders\" : false", "\"classesFromFolders\" : 0", "'run.classesFromFolders' needs true or false"),
    ("\"count\" : 10000", "\"count\" : 1", "'run.judging.count' needs a whole number from 2 to 1000000"),
    ("\"count\" : 40", "\"count\" : 40.5", "'dataset.count' needs a whole number"),
    ("\"channels\" : 1", "\"channels\" : null", "'dataset.shape.channels' needs a whole number from 1"),
    ("\"extractor\" : \"auto\"", "\"extractor\" : {}", "'run.judging.extractor' needs a text, got an object"),
    ("\"recipe\" : \"tiny\"", "\"recipe\" : 7", "'recipe' needs a text, got 7"),
    ("{", "", "not JSON"),
  ])
  func damageIsNamed(from: String, to: String, expected: String) throws {
    try withRecord { path, _, _ in
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      let changed = text.replacing(from, with: to, maxReplacements: from.contains("steps") ? 2 : 1)
      #expect(changed != text)
      try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
      let said = try #require(sentence { _ = try RunRecord.read(path) })
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
