import GAN
import TestFixtures
import Testing

@Suite struct MixtureModelTests {
  private func recipe(_ assignments: [String] = []) throws -> MixtureRecipe {
    var recipe = MixtureRecipe("tiny", purpose: "tests", steps: 5)
    try recipe.set(all: ["components=3", "batch=50"] + assignments)
    return recipe
  }

  /// Three clouds that touch each other, `count` points.
  private func clouds(_ count: Int = 300) throws -> Dataset {
    let noise = Tensor.normalRows(count: count, size: 2, seed: 4).clamped(-3, 3).array(of: Float.self)
    let coordinates = noise.indices.map { index in
      noise[index] * (index % 2 == 0 ? 0.1 : 0.15) + Float(index / 2 % 3 - 1) * 0.4
    }
    return try Dataset(name: "clouds", columns: [.points(coordinates)])
  }

  /// A game whose parameters are those at the fixture's start.
  private func game(_ expected: Fixture.Case, _ assignments: [String]) throws -> MixtureModel {
    var recipe = try recipe(["components=\(try expected.whole("components"))"] + assignments)
    recipe.covarianceFloor = try expected.number("floor")
    let game = try MixtureModel(recipe, data: try clouds(), seed: 1)
    try game.mixture.state.load(try expected.tensors(under: "start"))
    return game
  }

  /// A step of the whole data, in one batch or in parts, is scikit-learn's.
  @Test(arguments: try fixture("mixture").cases(), [1, 4]) func aStepOfAllDataIsThatOfScikitLearn(
    name: String, parts: Int
  )
    throws
  {
    let expected = try fixture("mixture")[name]
    let points = try expected["points"]
    let game = try game(expected, ["accumulation=\(parts)"])
    var batches = batches(points, parts)
    let step = TrainingStep(game, game.recipe.training, seed: 1) { batches.removeFirst() }
    let scalars = try step(0, attempt: 0)
    let likelihood = try expected["whole/log_likelihood"].item
    #expect(abs((scalars[.logLikelihood] ?? 0) - likelihood) < 1e-10 * abs(likelihood))
    try agree(game, expected, "whole")
  }

  /// A step of each of several batches is the one that the paper's formulas give point by point.
  @Test(arguments: try fixture("mixture").cases()) func stepsOfBatchesAreOnlineEM(name: String) throws {
    let expected = try fixture("mixture")[name]
    let game = try game(expected, ["step_exponent=\(try expected.number("step_exponent"))"])
    let count = try expected.whole("batches")
    var batches = batches(try expected["points"], count)
    let step = TrainingStep(game, game.recipe.training, seed: 1) { batches.removeFirst() }
    let found = try (0..<count).map { try step($0, attempt: 0)[.logLikelihood] ?? .nan }
    #expect(Tensor(found).deviation(from: try expected["online/log_likelihoods"]) < 1e-10)
    try agree(game, expected, "online")
  }

  private func batches(_ points: Tensor, _ parts: Int) -> [Batch] {
    let size = points.size(0) / parts
    return (0..<parts).map { labelled(Images(points[($0 * size)..<(($0 + 1) * size)].reshaped(size, 2, 1, 1))) }
  }

  private func agree(_ game: MixtureModel, _ expected: Fixture.Case, _ what: String) throws {
    for entry in game.mixture.state.entries {
      #expect(entry.tensor.deviation(from: try expected["\(what)/\(entry.name)"]) < 1e-10, "\(entry.name)")
    }
  }

  /// Dempster, Laird and Rubin 1977, theorem 1.
  @Test func theLikelihoodOfAllDataNeverFalls() throws {
    let data = try clouds()
    let recipe = try recipe(["batch=300", "step_exponent=0", "covariance_floor=1e-12"])
    let game = try MixtureModel(recipe, data: data, seed: 1)
    let loader = try BatchLoader(data, batchSize: 300, seed: 1)
    let step = TrainingStep(game, recipe.training, seed: 1) { Batch(try loader.next()) }
    let found = try (0..<40).map { try step($0, attempt: 0)[.logLikelihood] ?? .nan }
    #expect(zip(found, found.dropFirst()).allSatisfy { $1 > $0 - 1e-10 }, "\(found)")
    #expect(found[39] > found[0] + 1e-4)
    #expect(game.players.map(\.parameterCount) == [3 * (1 + 2 + 4)])
    #expect(game.scalars == [.logLikelihood] && game.scalars[0].unit == "nats")
  }

  /// What `gan train gmm --data ring8 --steps 50` ends with, and that a stop on the way changes no bit of it.
  @Test func allModesOfARingAreFoundAndStoppingChangesNoBit() throws {
    try withFolder { folder in
      let data = try DataSource("ring8").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let whole = try Trainer(
        MixtureRecipe.gmm, data: data, run: try .create(folder + "/whole"), settings: tinySettings(data))
      try whole.run(until: .steps(50))
      var modes = MixtureModes(.ring8)
      try modes.add(
        Tensor(try Sampler(whole.game.product, seed: 1).points(4000).flatMap { [$0.x, $0.y] }, shape: [4000, 2]))
      #expect(modes.hits.hit == 8)
      #expect((modes.quality()?.value ?? 0) > 0.98 && abs((modes.spread()?.value ?? 0) - 1) < 0.05)

      let stopped = folder + "/stopped"
      try Trainer(MixtureRecipe.gmm, data: data, run: try .create(stopped), settings: tinySettings(data))
        .run(until: .steps(7))
      let resumed = try Trainer(resuming: try .open(stopped), data: data) { Issue.record("passed over: \($0)") }
      try resumed.run(until: .steps(50))
      expectEqual(resumed.game.bits, whole.game.bits)
      #expect(resumed.training == MixtureRecipe.gmm.training)
      #expect(try RunRecord.read(resumed.run.recipe).recipe as? MixtureRecipe == .gmm)
    }
  }

  @Test func theModelDrawsTheSamePointsFromItsFileAndInAnyBatch() throws {
    try withFolder { folder in
      let game = try MixtureModel(try recipe(), data: try clouds(), seed: 1)
      try ModelFile.write(game.product, to: folder + "/model")
      let read = try ModelFile.read(folder + "/model", .standard)
      #expect(read.blueprint == game.product.blueprint)
      let points = try Sampler(game.product, seed: 5).points(600)
      #expect(try Sampler(read, seed: 5, batch: 7).points(600) == points)
      #expect(try Sampler(read, seed: 6).points(600) != points)
      // The clouds are a third each, half of whose points lie at the left and at the right of 0.4.
      let right = Double(points.count { $0.x > 0.4 }) / 600
      #expect(abs(right - 1 / 6) < 0.06)
    }
  }

  @Test func aComponentWithoutPointsStaysWhereItIs() throws {
    let mixture = GaussianMixture(components: 2)
    let points = Tensor([0.5, 0, 0.7, 0.2] as [Double], shape: [2, 2])
    let moments = MixtureMoments(
      of: points, Tensor([1, 1, 0, 0] as [Double], shape: [2, 2]))
    let values = withoutGradient { mixture.maximisation(moments, floor: 0.01) }.map { $0.array(of: Double.self) }
    #expect(values[0] == [1, 0])
    let expected = [0.6, 0.1, 0, 0]
    #expect(zip(values[1], expected).allSatisfy { abs($0 - $1) < 1e-12 })
    let covariances = [0.02, 0.01, 0.01, 0.02, 1, 0, 0, 1]
    #expect(zip(values[2], covariances).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Components that begin in one place would share it for ever.
  @Test(arguments: 1...20) func componentsBeginApart(seed: UInt64) throws {
    let data = try DataSource("grid25").load(.test, options: LoadOptions())
    let game = try MixtureModel(try recipe(["components=25"]), data: data, seed: seed)
    let weights = game.mixture.weights.array(of: Double.self)
    #expect(weights.allSatisfy { abs($0 - 0.04) < 0.01 }, "\(weights)")
  }

  @Test func otherDataAreRefused() throws {
    try withFolder { folder in
      let said = sentence { try recipe().validate(for: try tinyPictures(in: folder)) }
      #expect(said?.contains("is for points in the plane") == true && said?.contains("1x12x12") == true)
    }
    let few = sentence { try recipe(["components=7"]).validate(for: try clouds(6)) }
    #expect(few?.contains("components=7 are more than the 6 points of clouds") == true)
  }

  @Test(arguments: [("0", "lack 'components'"), ("60000", "the whole file holds")])
  func filesOfNoMixtureAreRefused(components: String, reason: String) throws {
    try withFolder { folder in
      let mixture = GaussianMixture(components: 2)
      let settings = #"{"channels":2,"height":1,"latent_size":3,"width":1,"components":\#(components)}"#
      try SafetensorsWriter.write(
        mixture.state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) },
        metadata: ["network": GaussianMixture.network, "kind": "plane", "settings": settings], to: folder + "/model")
      let said = sentence { _ = try ModelFile.read(folder + "/model", .standard) }
      #expect(said?.contains(reason) == true, "\(said ?? "read")")
    }
  }

  /// Of such a component no points could be drawn.
  @Test func aFileWhoseCovarianceIsNotPositiveDefiniteIsRefused() throws {
    try withFolder { folder in
      let mixture = GaussianMixture(components: 3)
      withoutGradient { mixture.covariances[1].copy(from: Tensor([1, 2, 2, 1] as [Double], shape: [2, 2])) }
      try ModelFile.write(mixture, to: folder + "/model")
      let said = sentence { _ = try ModelFile.read(folder + "/model", .standard) }
      #expect(said?.contains("tensor covariances is not positive definite at component 1") == true, "\(said ?? "read")")
    }
  }

  @Test func theRecipeIsFoundAndKnowsWhatItReads() throws {
    var gmm = try #require(try Catalog.named("gmm") as? MixtureRecipe)
    #expect(gmm == .gmm && gmm == MixtureRecipe(recorded: "gmm"))
    try gmm.validate()
    #expect(!MixtureRecipe.settings.contains { $0.key == "precision" || $0.key.contains("learning_rate") })
    #expect(MixtureRecipe.settings.allSatisfy { gmm.useOfUnreadSetting($0.key) == nil })
    #expect(sentence { try gmm.set("component", "3") }?.contains("did you mean components?") == true)
    gmm.components = 0
    #expect(sentence { try gmm.validate() }?.hasPrefix("components needs a whole number from 1") == true)
  }
}
