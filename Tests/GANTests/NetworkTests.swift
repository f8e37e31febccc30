import GAN
import TestFixtures
import Testing

/// A pair of networks with the weights of a case, in double precision.
struct Pair {
  let generator: any Generator
  let discriminator: any Discriminator

  init(_ kind: NetworkKind, _ expected: Fixture.Case) throws {
    let shape = SampleShape(
      channels: try expected.whole("channels"), height: try expected.whole("height"), width: try expected.whole("width")
    )
    let description = NetworkDescription(
      kind, latentSize: try expected.whole("latent_size"), shape: shape, baseWidth: try expected.whole("base_width"))
    let random = RandomGenerator(seed: 1)
    generator = try description.makeGenerator(random: random, dtype: .float64)
    var settings = DiscriminatorSettings()
    settings.dropout = 0
    discriminator = try description.makeDiscriminator(random: random, settings, dtype: .float64)
    for (state, player) in [(generator.state, "generator"), (discriminator.state, "discriminator")] {
      var given = try expected.tensors(under: player)
      // How often a batch norm was used is no part of the fixtures.
      for entry in state.entries where entry.name.hasSuffix("num_batches_tracked") { given[entry.name] = entry.tensor }
      try state.load(given)
    }
  }
}

@Suite struct NetworkTests {
  @Test(arguments: [
    (2, DiscriminatorConditioning.projection, "packs of several without class labels, not packing=2"),
    (0, .none, "packs of several without class labels, not packing=0"), (1, .projection, "if the data have none"),
    (1, .concatenation, "if the data have none"), (1, .auxiliary, "if the data have none"),
  ])
  func aDiscriminatorThatCouldNotJudgeIsNotBuilt(
    packing: Int, conditioning: DiscriminatorConditioning, words: String
  ) throws {
    let description = NetworkDescription(.mlp, shape: SampleShape(channels: 1, height: 8, width: 8), baseWidth: 4)
    var settings = DiscriminatorSettings()
    (settings.packing, settings.conditioning) = (packing, conditioning)
    let said = sentence { _ = try description.makeDiscriminator(random: RandomGenerator(seed: 1), settings) }
    #expect(said?.contains(words) == true, "\(said ?? "built")")
  }

  @Test(arguments: try fixture("mlp").cases()) func mlp(name: String) throws {
    try play(.mlp, try fixture("mlp")[name])
  }

  @Test(arguments: try fixture("dcgan").cases()) func dcgan(name: String) throws {
    try play(.dcgan, try fixture("dcgan")[name])
  }

  @Test(arguments: try fixture("dcgan_keras").cases()) func dcganAsKeras(name: String) throws {
    try play(.dcganKeras, try fixture("dcgan_keras")[name])
  }

  /// One simultaneous evaluation of the non-saturating game, D on the real images first, and a step of gradient descent.
  private func play(_ kind: NetworkKind, _ expected: Fixture.Case) throws {
    let tolerance = 1e-13
    func agree(_ tensor: Tensor?, _ what: String) throws {
      let tensor = try #require(tensor, "\(what)")
      #expect(tensor.deviation(from: try expected[what]) < tolerance, "\(what) of \(kind) \(expected.name)")
    }
    let pair = try Pair(kind, expected)
    let (latents, real) = (try expected["latents"], Images(try expected["real"]))
    if expected.has("inference/images") { try agree(pair.generator(latents).tensor, "inference/images") }
    if expected.has("inference/scores_real") { try agree(pair.discriminator(real).tensor, "inference/scores_real") }

    let pass = Pass.training(RandomStream(seed: 1))
    let images = pair.generator(latents, pass)
    let (scoresReal, scoresFake) = (pair.discriminator(real, pass), pair.discriminator(images, pass))
    let game = NonSaturating()
    let losses = (
      game.discriminatorLoss(real: scoresReal, fake: scoresFake), game.generatorLoss(real: scoresReal, fake: scoresFake)
    )
    try agree(images.tensor, "images")
    try agree(scoresReal.tensor, "scores_real")
    try agree(scoresFake.tensor, "scores_fake")
    try agree(losses.0.tensor, "loss_discriminator")
    try agree(losses.1.tensor, "loss_generator")

    for (player, state, loss) in [
      ("discriminator", pair.discriminator.state, losses.0), ("generator", pair.generator.state, losses.1),
    ] {
      let slopes = gradients(of: loss.tensor, with: state.parameters, retainGraph: true)
      for (entry, slope) in zip(state.entries.filter(\.isParameter), slopes) {
        try agree(slope, "grad_\(player)/\(entry.name)")
      }
      for name in try expected.tensors(under: "after/\(player)").keys {
        try agree(state[name], "after/\(player)/\(name)")
      }
      guard expected.has("after_sgd/\(player)/\(state.entries[0].name)") else { continue }
      // The step leaves the weights that the other player's gradient needs alone: it is taken on a copy.
      let moved = try Pair(kind, expected)
      let copy = player == "generator" ? moved.generator.state : moved.discriminator.state
      SGD(copy.parameters, learningRate: try expected.number("learning_rate")).step(slopes)
      for entry in copy.entries where entry.isParameter {
        try agree(entry.tensor, "after_sgd/\(player)/\(entry.name)")
      }
    }
  }

  @Test(arguments: [
    (NetworkKind.dcgan, 28, 22, "near: 20"), (.dcgan, 300, 64, "up to 256"), (.dcgan, 5, 5, "at least 6 pixels"),
    (.dcganKeras, 28, 30, "multiples of 4"),
  ])
  func sidesThatANetworkCannotDrawAreRefused(kind: NetworkKind, height: Int, width: Int, says: String) {
    let description = NetworkDescription(kind, shape: SampleShape(channels: 1, height: height, width: width))
    #expect {
      try description.makeGenerator(random: RandomGenerator(seed: 1))
    } throws: {
      "\($0)".contains(says)
    }
  }

  /// Every weight but the last takes more than 500 GB, so that no machine begins to fill one.
  @Test func aNetworkTooLargeForTheMachineIsRefused() {
    let shape = SampleShape(channels: 3, height: 64, width: 64)
    let description = NetworkDescription(.dcgan, latentSize: 65536, shape: shape, baseWidth: 65536)
    #expect {
      try description.makeGenerator(random: RandomGenerator(seed: 1), dtype: .float64)
    } throws: {
      $0 is TrainingError && "\($0)".contains("cannot be built")
    }
  }

  @Test(arguments: [(0, 8), (8, 0), (65537, 8), (8, -1)]) func sizesOutOfRangeAreRefused(latentSize: Int, width: Int) {
    let shape = SampleShape(channels: 1, height: 8, width: 8)
    #expect(throws: TrainingError.self) {
      try NetworkDescription(.mlp, latentSize: latentSize, shape: shape, baseWidth: width).validate()
    }
  }

  @Test(arguments: NetworkKind.allCases, [(28, 28), (32, 20), (64, 12)])
  func picturesHaveTheShapeThatWasAskedFor(kind: NetworkKind, sides: (Int, Int)) throws {
    let shape = SampleShape(channels: 3, height: sides.0, width: sides.1)
    let description = NetworkDescription(kind, latentSize: 5, shape: shape, baseWidth: 2)
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    let discriminator = try description.makeDiscriminator(random: RandomGenerator(seed: 2))
    let images = generator(Tensor.normalRows(count: 2, size: 5, seed: 3))
    #expect(images.tensor.shape == [2, 3, sides.0, sides.1])
    #expect(images.tensor.abs().max().item <= 1)
    let scores = discriminator(images).tensor
    #expect(scores.size(0) == 2 && (scores.size(1) == 1) == (kind != .fastgan))
  }

  /// The height is halved six times, the width three: half of the layers keep the width.
  @Test func dcganDrawsAStripOfTheLargestHeight() throws {
    let shape = SampleShape(channels: 1, height: 256, width: 24)
    let description = NetworkDescription(.dcgan, latentSize: 3, shape: shape, baseWidth: 1)
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    let discriminator = try description.makeDiscriminator(random: RandomGenerator(seed: 2))
    let images = generator(Tensor.normalRows(count: 1, size: 3, seed: 3))
    #expect(images.tensor.shape == [1, 1, 256, 24])
    #expect(images.tensor.isFinite && images.tensor.abs().max().item <= 1)
    let score = discriminator(images).tensor
    #expect(score.shape == [1, 1] && score.isFinite)
  }
}
