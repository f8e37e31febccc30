import GAN
import TestFixtures
import Testing

@Suite struct AutoencoderTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  private func recipe(_ assignments: [String] = []) throws -> AutoencoderRecipe {
    var recipe = AutoencoderRecipe("tiny", purpose: "", steps: 5)
    try recipe.set(all: ["base_width=4", "latent_size=3", "batch=8", "precision=float32"] + assignments)
    return recipe
  }

  /// Both terms of eq. 10, their sum and its gradients, against PyTorch's distributions.
  @Test(arguments: try fixture("autoencoder").cases()) func theBoundIsThatOfPyTorch(name: String) throws {
    let expected = try fixture("autoencoder")[name]
    let description = try AutoencoderDescription.of(expected)
    let game = try Autoencoder(
      try recipe(["network=\(name)", "beta=\(try expected.number("beta"))"]), shape: description.shape, seed: 1,
      dtype: .float64)
    var given = try expected.tensors(under: "state")
    for entry in game.network.state.entries where given[entry.name] == nil { given[entry.name] = entry.tensor }
    try game.network.state.load(given)
    let found = game.terms(
      Images(try expected["images"]), noise: try expected["noise"], .training(RandomStream(seed: 1)))
    let loss = game.loss(found)
    for (what, value) in [("reconstruction", found.reconstruction), ("divergence", found.divergence), ("loss", loss)] {
      #expect(value.tensor.deviation(from: try expected["bound/\(what)"]) < 1e-11, "\(what)")
    }
    let slopes = gradients(of: loss.tensor, with: game.player.parameters)
    for (entry, slope) in zip(game.network.state.entries.filter(\.isParameter), slopes) {
      let slope = try #require(slope)
      #expect(slope.deviation(from: try expected["bound/grad/\(entry.name)"]) < 1e-9, "\(entry.name)")
    }
  }

  /// An image that is drawn exactly is no more likely than rounding allows.
  @Test func theVarianceIsThatOfRoundingAtLeast() {
    let images = Images(Tensor.full([2, 1, 3, 3], 0.5, dtype: .float64))
    let found = Autoencoder.negativeLogLikelihood(of: images, around: images).value
    #expect(abs(found - 4.5 * (2 * Double.pi * 4 / (255 * 255 * 12)).log()) < 1e-9)
  }

  @Test(arguments: [[], ["network=fully-connected", "beta=4", "accumulation=2"]])
  func aStepReportsTheBoundAndRaisesIt(assignments: [String]) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try recipe(["autoencoder.learning_rate=0.01"] + assignments)
      let game = try Autoencoder(recipe, shape: data.shape, seed: 1)
      let loader = try BatchLoader(data, batchSize: 8, seed: 1)
      let step = TrainingStep(game, recipe.training, seed: 1) { Batch(try loader.next()) }
      let found = try (0..<60).map { try step($0, attempt: 0) }
      for scalars in found {
        let (loss, terms) = (
          try #require(scalars["loss_autoencoder"]),
          try #require(scalars[.reconstruction]) + recipe.beta * (try #require(scalars[.divergence]))
        )
        #expect(abs(loss - terms) < 1e-4 * abs(loss) + 1e-3)
        #expect(scalars["gradient_autoencoder"] ?? 0 > 0)
      }
      #expect(
        found.map { $0["loss_autoencoder"] ?? .nan }.suffix(10).allSatisfy { $0 < found[0][.reconstruction] ?? 0 })
      #expect(game.scalars.map(\.unit) == [nil, "nats", "nats", nil])
    }
  }

  @Test(arguments: [
    [], ["network=fully-connected", "accumulation=2", "average_decay=0"], ["precision=bfloat16", "beta=0.5"],
  ])
  func stoppingChangesNoBit(assignments: [String]) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try recipe(assignments)
      let whole = try Trainer(recipe, data: data, run: try .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run(until: .steps(5))
      let stopped = folder + "/stopped"
      try Trainer(recipe, data: data, run: try .create(stopped), settings: tinySettings(data)).run(until: .steps(2))
      let resumed = try Trainer(resuming: try .open(stopped), data: data) { Issue.record("passed over: \($0)") }
      try resumed.run(until: .steps(5))
      expectEqual(resumed.game.bits, whole.game.bits)

      // What the run ships is the averaged decoder, and draws by itself.
      let shipped = try ModelFile.read(resumed.run.generator, .standard)
      #expect(shipped.blueprint == whole.game.product.blueprint)
      #expect(shipped.state.entries.map(\.name) == whole.game.product.state.entries.map(\.name))
      #expect(!shipped.state.entries.contains { $0.name.contains("encoder") || $0.name.contains("mean.") })
      #expect(
        try Sampler(shipped, seed: 3).pictures(4).pixels == Sampler(whole.game.product, seed: 3).pictures(4).pixels)
      let (record, made) = try RunRecord.read(resumed.run.recipe)
      #expect(record.game == "autoencoder" && made as? AutoencoderRecipe == recipe)
    }
  }

  @Test func pointsNeedTheFullyConnectedNetwork() throws {
    let data = try Dataset(name: "points", columns: [.points((0..<64).map { Float($0 % 7) / 10 })])
    let said = sentence { try recipe().validate(for: data) }
    #expect(said?.contains("; set network=fully-connected") == true, "\(said ?? "accepted")")
    let connected = try recipe(["network=fully-connected", "latent_size=2"])
    try connected.validate(for: data)
    let game = try connected.makeGame(for: data, seed: 1)
    let loader = try BatchLoader(data, batchSize: 8, seed: 1)
    _ = try TrainingStep(game, connected.training, seed: 1) { Batch(try loader.next()) }(0, attempt: 0)
    try withFolder { folder in
      try ModelFile.write(game.product, to: folder + "/model")
      let points = try Sampler(try ModelFile.read(folder + "/model", .standard), seed: 1).points(5)
      #expect(points == (try Sampler(game.product, seed: 1).points(5)))
    }
  }

  @Test(arguments: [
    (["words": "sideways"], "'layers' is 'sideways'; it can be convolutional or fully-connected"),
    (["base_width": "0"], "'settings' lack 'base_width'"), (["base_width": "60000"], "the whole file holds"),
  ])
  func filesOfNoDecoderAreRefused(changes: [String: String], reason: String) throws {
    try withFolder { folder in
      let game = try Autoencoder(try recipe(), shape: Self.shape, seed: 1)
      let path = folder + "/model"
      try ModelFile.write(game.product, to: path)
      let state = game.product.state
      let metadata = [
        "network": VariationalDecoder.network, "layers": changes["words"] ?? "convolutional",
        "settings":
          #"{"base_width":\#(changes["base_width"] ?? "4"),"channels":1,"height":12,"latent_size":3,"width":12}"#,
      ]
      try SafetensorsWriter.write(
        state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) }, metadata: metadata, to: path)
      let said = sentence { _ = try ModelFile.read(path, .standard) }
      #expect(said?.contains(reason) == true, "\(said ?? "read")")
    }
  }

  @Test func theRecipeIsFoundAndKnowsWhatItReads() throws {
    let vae = try #require(try Catalog.named("vae") as? AutoencoderRecipe)
    #expect(vae == .vae && vae == AutoencoderRecipe(recorded: "vae"))
    try vae.validate()
    #expect(vae.useOfUnreadSetting("autoencoder.alpha") == "autoencoder.optimizer=rmsprop")
    #expect(vae.useOfUnreadSetting("average_warm_up") == nil && vae.useOfUnreadSetting("beta") == nil)
    var other = vae
    #expect(
      sentence { try other.set("learning_rate", "1") }?.contains("did you mean autoencoder.learning_rate?") == true)
    #expect(sentence { try other.set("generator.beta1", "0") }?.contains("has no setting 'generator.beta1'") == true)
    try other.set(all: ["average_decay=0", "autoencoder.schedule=cosine"])
    #expect(other.useOfUnreadSetting("average_warm_up") == "an average_decay above 0")
    other.fit(toSteps: 77)
    #expect(other.autoencoder.scheduleSteps == 77)
    try other.set("autoencoder.momentum", "0.9")
    #expect(sentence { try other.validate() }?.contains("autoencoder.beta1") == true)
  }
}

extension Double {
  fileprivate func log() -> Double { Tensor(self, dtype: .float64).log().item }
}

extension AutoencoderDescription {
  /// The network of a case of the fixture "autoencoder".
  static func of(_ expected: Fixture.Case) throws -> AutoencoderDescription {
    AutoencoderDescription(
      try #require(Network(rawValue: expected.name)), latentSize: try expected.whole("latent_size"),
      shape: SampleShape(
        channels: try expected.whole("channels"), height: try expected.whole("height"),
        width: try expected.whole("width")), baseWidth: try expected.whole("base_width"))
  }
}
