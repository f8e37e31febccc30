import Files
import Foundation
import GAN
import TestFixtures
import Testing

/// The discriminator of Projected GANs: mixing and discriminators against their authors' code, at parameters that are hashes of
/// their names (`Tools/reference/make_projected_fixtures.py`), and the network of features that stays as it is.
@Suite struct ProjectedDiscriminatorTests {
  private func agree(_ tensor: Tensor?, _ what: String, _ expected: Fixture.Case) throws {
    let deviation = try #require(tensor, "\(what)").deviation(from: try expected[what], floor: 1e-3)
    #expect(deviation < 1e-10, "\(what) of \(expected.name)")
  }

  @Test func mixingAndScoresAgree() throws {
    let expected = try fixture("original_projected")["discriminator"]
    let width = try expected.whole("width")
    let state = StateDict(random: RandomGenerator(seed: 1), dtype: .float64)
    let mixing = FeatureMixing(state.root / "scratch", [3, 5, 4, 6], width: width)
    let parts = [64, 32, 16, 8].enumerated().map { level, side in
      MiniDiscriminator(
        state.root / "mini_discs" / level, mixing.outputs[level], (side, side), width: width, norm: .spectral)
    }
    #expect(
      state.entries.map(\.name).sorted() == (try expected.text("names").split(separator: " ").map(String.init)).sorted()
    )
    withoutGradient {
      for entry in state.entries where entry.tensor.dtype.isFloatingPoint {
        let (name, draws) = (entry.name, Tensor.hashed(entry.name, entry.tensor.shape))
        let isVector = name.hasSuffix(".0._u") || name.hasSuffix(".0._v")
        let shift = name.hasSuffix("bias") || name.hasSuffix("mean") ? 0.0 : 1
        entry.tensor.copy(
          from: isVector ? draws / draws.norm() : draws.rank > 1 ? draws * 3.0.squareRoot() : draws * 0.2 + shift)
      }
    }
    state.fix("scratch")
    let maps = [(3, 32), (5, 16), (4, 8), (6, 4)].enumerated().map { level, map in
      Tensor.hashed("map\(level)", [4, map.0, map.1, map.1]).requiringGradient()
    }
    let mixed = mixing(maps)
    for (level, map) in mixed.enumerated() { try agree(map.averagePooled(to: [4, 4]), "mixed\(level)", expected) }
    let pass = Pass.training(RandomStream(seed: 1))
    let scores = Tensor.concatenated(
      zip(parts, mixed).map { $0.scores($0.features($1, pass), pass).flattened() }, axis: 1)
    try agree(scores, "output", expected)
    let loss = (scores * .hashed("grad_output0", scores.shape)).sum()
    let found = gradients(of: loss, with: state.parameters + maps)
    for (entry, gradient) in zip(state.entries.filter(\.isParameter), found) {
      try agree(gradient ?? entry.tensor.zerosLike(), "grad/\(entry.name)", expected)
    }
    for level in maps.indices { try agree(found[state.parameters.count + level], "grad_map\(level)", expected) }
  }

  /// An encoder of the pictures after two steps, in a file.
  private func encoder(of data: Dataset, in folder: String) throws -> (encoder: PictureEncoder, file: String) {
    let encoder = try EncoderTraining(data, steps: 2)()
    let file = folder + "/encoder.safetensors"
    try encoder.write(to: file)
    return (encoder, file)
  }

  @Test func featuresAreTheExtractorsAndStay() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let (encoder, file) = try encoder(of: data, in: folder)
      let recipe = try tinyRecipe(.dcgan, ["projected=true", "objective=hinge", "feature_network=\(file)"])
      let before = try { () -> [String: [UInt8]] in
        let trainer = try Trainer(recipe, data: data, run: .create(folder + "/run"), settings: tinySettings(data))
        func fixed() -> [String: [UInt8]] {
          trainer.game.bits.filter {
            $0.key.hasPrefix("discriminator.features.") || $0.key.hasPrefix("discriminator.scratch.")
          }
        }
        let before = fixed()
        try trainer.run(until: .steps(3))
        expectEqual(fixed(), before)
        let memory = trainer.game.tensors.map(\.name).filter { $0.hasPrefix("discriminator_optimizer") }
        #expect(!memory.isEmpty && !memory.contains { $0.contains("features") || $0.contains("scratch") })
        return before
      }()
      #expect(before["discriminator.features.conv3.weight"] == encoder.state["conv3.weight"]?.bits)
      #expect(before["discriminator.features.norm4.running_var"] == encoder.state["norm4.running_var"]?.bits)

      // Its checkpoint has the network of features: a run that goes on, or begins with it, needs no file.
      try FileManager.default.removeItem(atPath: file)
      try resume(folder + "/run", data, until: 4)
      var next = try tinyRecipe(.mlp)
      try next.begin(with: folder + "/run")
      #expect(next.projected && next.featureNetwork == nil)
      let game = try next.makeGame(for: data, seed: 5)
      expectEqual(game.bits.filter { before.keys.contains($0.key) }, before)
    }
  }

  private func resume(_ folder: String, _ data: Dataset, until steps: Int) throws {
    let trainer = try Trainer(resuming: try .open(folder), data: data) { Issue.record("passed over: \($0)") }
    try trainer.run(until: .steps(steps))
  }

  @Test func classesAreTakenByProjection() throws {
    try withFolder { folder in
      let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let recipe = try tinyRecipe(
        .dcgan,
        [
          "projected=true", "feature_network=none", "objective=hinge", "condition_generator=concatenation",
          "condition_discriminator=projection",
        ])
      let game = try recipe.makeGame(for: data, seed: 1)
      #expect(game.tensors.contains { $0.name == "discriminator.class_embedding.weight" })
      let trainer = try Trainer(recipe, data: data, run: .create(folder + "/run"), settings: tinySettings(data))
      #expect(try trainer.run(until: .steps(2)).step == 2)
    }
  }

  @Test(arguments: [
    (["packing=2"], "packing=1 or projected=false"),
    (
      ["condition_generator=concatenation", "condition_discriminator=concatenation"],
      "condition_discriminator=projection"
    ),
    (["start_from=run", "frozen_layers=1"], "frozen_layers=0"),
    (["r1=1"], "the batch norm in the projected discriminator mixes samples"),
    (["r1=1", "discriminator_norm=spectral"], "section 4): set discriminator_norm=none"),
    (["update=one-stage", "discriminator_norm=none"], "the projected discriminator scores parts of it"),
    (["objective=wasserstein", "discriminator_norm=spectral"], "needs a Lipschitz critic"),
    (["reconstruction=1"], "set reconstruction=0, or projected=false"),
    (["minibatch_deviation=true"], "the projected discriminator has no minibatch_deviation"),
  ])
  func whatDoesNotGoWithItIsNamed(assignments: [String], message: String) throws {
    let recipe = try tinyRecipe(.dcgan, ["projected=true"] + assignments)
    let error = #expect(throws: TrainingError.self) { try recipe.validate() }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test(arguments: [(8, 8), (8, 128), (28, 28), (33, 50), (96, 12)]) func picturesOfAllSizes(height: Int, width: Int)
    throws
  {
    var settings = DiscriminatorSettings()
    settings.projected = true
    let shape = SampleShape(channels: 1, height: height, width: width)
    let discriminator = try NetworkDescription(.mlp, shape: shape, baseWidth: 8).makeDiscriminator(
      random: RandomGenerator(seed: 1), settings)
    let scores = discriminator(Images(RandomStream(seed: 2).normal([3, 1, height, width])))
    #expect(scores.tensor.size(0) == 3 && scores.tensor.size(1) > 1 && scores.tensor.isFinite)
  }

  /// A run that has a discriminator of its own is no beginning for a projected one.
  @Test func itBeginsWithARunOfItsKind() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      try Trainer(
        tinyRecipe(.dcgan), data: data, run: .create(folder + "/run"), settings: tinySettings(data)
      ).run(until: .steps(1))
      var recipe = try tinyRecipe(.dcgan, ["projected=true"])
      let error = #expect(throws: FileError.self) { try recipe.begin(with: folder + "/run") }
      #expect(error?.description.contains("no projected one") == true)
    }
  }

  @Test func anExtractorOfOtherPicturesIsNamed() throws {
    try withFolder { folder in
      let file = try encoder(of: tinyPictures(in: folder), in: folder).file
      let colored = try Dataset.noise(shape: SampleShape(channels: 3, height: 12, width: 12), count: 4, seed: 1)
      let recipe = try tinyRecipe(.dcgan, ["projected=true", "feature_network=\(file)"])
      let error = #expect(throws: TrainingError.self) { try recipe.validate(for: colored) }
      #expect(error?.description.contains("1 channel, and these have 3") == true, "\(String(describing: error))")
    }
  }

  @Test func aFileThatIsNoExtractorIsNamed() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      for file in [folder + "/missing.safetensors", folder + "/pictures.npy"] {
        let recipe = try tinyRecipe(.dcgan, ["projected=true", "feature_network=\(file)"])
        let error = #expect(throws: TrainingError.self) { try recipe.validate(for: data) }
        #expect(error?.description.contains("feature_network: \(file)") == true, "\(String(describing: error))")
      }
    }
  }
}
