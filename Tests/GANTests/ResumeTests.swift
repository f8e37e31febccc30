import Files
import Foundation
import GAN
import Testing

/// A run that is stopped and resumed equals the run that never stopped.
@Suite struct ResumeTests {
  static let games: [(NetworkKind, [String])] = [
    (.mlp, ["generator.optimizer=sgd", "generator.momentum=0.9", "discriminator.optimizer=sgd"]),
    (.mlp, ["generator.optimizer=sgd", "generator.momentum=0.9", "generator.nesterov=true"]),
    (.mlp, ["generator.optimizer=adamw", "discriminator.optimizer=adamw", "generator.weight_decay=0.01"]),
    (.mlp, ["generator.optimizer=rmsprop", "discriminator.optimizer=rmsprop", "generator.momentum=0.5"]),
    (.mlp, ["critic_steps=2", "precision=bfloat16"]),
    (.mlp, ["update=simultaneous", "average_decay=0"]),
    (.mlp, ["accumulation=2", "generator.schedule=cosine", "generator.warm_up_steps=3", "generator.clip_norm=1"]),
    (.mlp, ["objective=wasserstein", "gradient_penalty=10", "critic_steps=2"]),
    (.mlp, ["objective=wasserstein", "gradient_penalty=10", "accumulation=2", "update=simultaneous"]),
    (.mlp, ["objective=wasserstein", "weight_clip=0.05", "discriminator.optimizer=rmsprop"]),
    (.mlp, ["update=one-stage", "accumulation=2", "precision=bfloat16"]),
    (.mlp, ["r1=1", "r2=1", "penalty_interval=3", "objective=relativistic-pairing"]),
    (.mlp, ["lecam=0.1", "consistency_real=1", "consistency_fake=1", "augment=flip,color,translation,cutout"]),
    (.mlp, ["discriminator_norm=spectral", "objective=hinge", "generator.orthogonal=0.001", "dragan=1"]),
    (.mlp, ["packing=2", "minibatch_deviation=true", "instance_noise=0.1", "instance_noise_steps=5"]),
    (.mlp, ["top_k=0.5", "top_k_steps=4", "feature_matching=1", "label_smoothing=0.1"]),
    (.dcgan, ["discriminator_norm=spectral", "objective=relativistic-average", "r1=1"]),
    (.dcgan, []),
    (.dcgan, ["critic_steps=2", "accumulation=2", "average_warm_up=false"]),
    (.dcgan, ["update=simultaneous", "precision=bfloat16"]),
    (.dcgan, ["generator.optimizer=sgd", "generator.momentum=0.9", "generator.learning_rate=0.01"]),
    (.r3gan, ["objective=relativistic-pairing", "r1=1", "r2=1"]),
    (.dcgan, ["augment=rotation,color,cutout", "augment_target=0.3", "augment_steps=8", "extra_layers=1"]),
    (.stylegan2, ["style_mixing=0.5", "path_length=2", "path_length_interval=2", "r1=1", "penalty_interval=3"]),
    (.stylegan2, ["path_length=1", "accumulation=2", "critic_steps=2", "minibatch_deviation=true"]),
    (.stylegan2, ["path_length=1", "update=simultaneous", "precision=bfloat16"]),
    (.fastgan, ["objective=hinge", "reconstruction=1", "augment=color,translation"]),
    (.fastgan, ["reconstruction=1", "accumulation=2", "critic_steps=2", "packing=2"]),
    (.dcgan, ["averages=3", "accumulation=2"]),
    (.dcgan, ["projected=true", "feature_network=none", "objective=hinge"]),
    (.dcgan, ["projected=true", "feature_network=none", "discriminator_norm=spectral", "precision=bfloat16"]),
    (.dcganKeras, ["update=simultaneous"]),
    (.dcganKeras, ["update=one-stage"]),
    (.dcganKeras, ["critic_steps=2", "precision=bfloat16"]),
    (.dcganKeras, ["accumulation=2", "objective=hinge", "discriminator.optimizer=rmsprop"]),
  ]

  /// Seven steps at once, and seven with stops after two (the middle of an epoch of five batches) and five.
  @Test(arguments: games) func stoppingChangesNoBit(network: NetworkKind, assignments: [String]) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try tinyRecipe(network, assignments)
      let whole = try Trainer(
        recipe, data: data, run: try .create(folder + "/whole"), settings: tinySettings(data, checkpointEvery: 2))
      let beginning = whole.game.bits
      try whole.run(until: .steps(7))
      #expect(whole.game.bits != beginning)

      let stopped = folder + "/stopped"
      try Trainer(recipe, data: data, run: try .create(stopped), settings: tinySettings(data)).run(until: .steps(2))
      try resume(stopped, data, until: 5)
      expectEqual(try resume(stopped, data, until: 7), whole.game.bits)
    }
  }

  @Test(arguments: [
    (NetworkKind.resnet, ["condition_generator=batch-norm", "condition_discriminator=projection", "attention=true"]),
    (.dcgan, ["condition_generator=concatenation", "condition_discriminator=auxiliary"]),
    (.r3gan, ["condition_generator=concatenation", "condition_discriminator=concatenation", "critic_steps=2"]),
    (
      .stylegan2,
      ["condition_generator=mapping", "condition_discriminator=projection", "style_mixing=0.5", "path_length=1"]
    ),
  ])
  func stoppingChangesNoClass(network: NetworkKind, assignments: [String]) throws {
    try withFolder { folder in
      let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let recipe = try tinyRecipe(network, assignments)
      let whole = try Trainer(recipe, data: data, run: try .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run(until: .steps(4))
      try Trainer(recipe, data: data, run: try .create(folder + "/stopped"), settings: tinySettings(data))
        .run(until: .steps(2))
      expectEqual(try resume(folder + "/stopped", data, until: 4), whole.game.bits)
    }
  }

  @discardableResult
  private func resume(_ folder: String, _ data: Dataset, until step: Int) throws -> [String: [UInt8]] {
    let trainer = try Trainer(resuming: try .open(folder), data: data) { Issue.record("passed over: \($0)") }
    try trainer.run(until: .steps(step))
    return trainer.game.bits
  }

  @Test func anotherSeedAndAnotherAttemptDrawOtherNumbers() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      func play(seed: UInt64, attempt: Int) throws -> [String: [UInt8]] {
        let game = try AdversarialGame(try tinyRecipe(.mlp), shape: data.shape, seed: 1)
        let loader = try BatchLoader(data, batchSize: 8, seed: 1)
        let step = TrainingStep(game, game.recipe.training, seed: seed) { labelled(Batch(try loader.next())[.images]) }
        _ = try step(0, attempt: attempt)
        return game.bits
      }
      let first = try play(seed: 1, attempt: 0)
      expectEqual(first, try play(seed: 1, attempt: 0))
      #expect(try play(seed: 2, attempt: 0) != first)
      #expect(try play(seed: 1, attempt: 1) != first)
    }
  }

  @Test(arguments: ["truncated", "flipped"]) func aDamagedCheckpointIsPassedOver(damage: String) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let path = folder + "/run"
      let recipe = try tinyRecipe(.mlp)
      let whole = try Trainer(recipe, data: data, run: try .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run(until: .steps(9))
      let settings = tinySettings(data, checkpointEvery: 2)
      try Trainer(recipe, data: data, run: try .create(path), settings: settings).run(until: .steps(8))

      // The two newest of steps 4, 6 and 8 are damaged; the run then writes 5 and so on beside them.
      for step in [6, 8] { try damageFile(try RunDirectory.reading(path).checkpoint(step: step), damage) }
      var skipped: [FileError] = []
      let trainer = try Trainer(resuming: try .open(path), data: data) { skipped.append($0) }
      #expect(trainer.progress.step == 4)
      #expect(
        skipped.map(\.path).map { URL(fileURLWithPath: $0).lastPathComponent } == [
          "step-000000008.safetensors", "step-000000006.safetensors",
        ])
      #expect(skipped.allSatisfy { $0.reason.contains(damage == "flipped" ? "damaged" : "bytes") })
      try trainer.run(until: .steps(5))
      // What is damaged does not push out what is sound.
      #expect(FileManager.default.fileExists(atPath: trainer.run.checkpoint(step: 5)))
      #expect(FileManager.default.fileExists(atPath: trainer.run.checkpoint(step: 4)))
      try trainer.run(until: .steps(9))
      expectEqual(trainer.game.bits, whole.game.bits)
    }
  }

  @Test func withoutAValidCheckpointTheWayOnIsNamed() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let path = folder + "/run"
      let trainer = try Trainer(try tinyRecipe(.mlp), data: data, run: try .create(path), settings: tinySettings(data))
      try trainer.run(until: .steps(1))
      for step in [0, 1] { try damageFile(trainer.run.checkpoint(step: step), "truncated") }
      withExtendedLifetime(trainer) {}
      try withCopy(of: path) { copy in
        let said = sentence { _ = try Trainer(resuming: try .open(copy), data: data) { _ in } }
        #expect(said?.contains("no valid checkpoint") == true)
        #expect(said?.contains("gan train --recipe") == true)
      }
    }
  }

  @Test func otherDataAreRefused() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let data = try tinyPictures(in: folder)
      _ = try Trainer(try tinyRecipe(.mlp), data: data, run: try .create(path), settings: tinySettings(data))
      let others = try tinyPictures(in: folder, count: 41)
      let said = sentence { _ = try Trainer(resuming: try .open(path), data: others) { _ in } }
      #expect(said?.contains("was trained on other data") == true)
    }
  }

  @Test func whatAKilledProcessLeftBehindIsRemovedAndNeverTaken() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let data = try tinyPictures(in: folder)
      try Trainer(try tinyRecipe(.mlp), data: data, run: try .create(path), settings: tinySettings(data))
        .run(until: .steps(1))
      let partial = path + "/checkpoints/.step-000000002.safetensors.partial-2147483647"
      try FileManager.default.copyItem(atPath: path + "/checkpoints/step-000000001.safetensors", toPath: partial)
      let trainer = try Trainer(resuming: try .open(path), data: data) { Issue.record("passed over: \($0)") }
      #expect(trainer.progress.step == 1)
      #expect(!FileManager.default.fileExists(atPath: partial))
    }
  }

  private func withCopy(of path: String, _ body: (String) throws -> Void) throws {
    let copy = path + "-copy"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try body(copy)
  }
}

/// Cuts the file's second half off, or changes one bit in its middle.
func damageFile(_ path: String, _ damage: String) throws {
  var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
  if damage == "truncated" { bytes = bytes.prefix(bytes.count / 2) } else { bytes[bytes.count / 2] ^= 4 }
  try bytes.write(to: URL(fileURLWithPath: path))
}
