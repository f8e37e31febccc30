import GAN
import Testing

/// What settings of the view, the losses and the networks make of a turn, in float64 against their parts put together by
/// hand.
@Suite struct TurnSettingTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)
  private static let seed: UInt64 = 3
  /// Nobody moves, so that every step is at the same point.
  private static let still = ["generator.learning_rate=0", "discriminator.learning_rate=0", "average_decay=0"]

  private let real: Images = {
    let pixels = Tensor.empty([8, 1, 12, 12])
    pixels.fillUniform(-1, 1, using: RandomGenerator(seed: 5))
    return Images(pixels.to(.float64))
  }()

  private func game(_ assignments: [String]) throws -> AdversarialGame {
    try AdversarialGame(try tinyRecipe(.mlp, assignments), shape: Self.shape, seed: 1, dtype: .float64)
  }

  private func play(_ game: AdversarialGame, steps: Int = 1) throws -> [Scalars] {
    let step = TrainingStep(game, game.recipe.training, seed: Self.seed) { labelled(real) }
    return try (0..<steps).map { try step($0, attempt: 0) }
  }

  /// The images that G draws in the first phase of a step.
  private func fake(_ game: AdversarialGame, step: Int = 0) -> Images {
    let seed = derivedSeed(Self.seed, Purpose.latents.rawValue, UInt64(step), 0, 0)
    return game.generator(Tensor.normalRows(count: 8, size: 8, seed: seed).to(.float64), pass)
  }

  private var pass: Pass { .training(RandomStream(seed: 1)) }

  /// What the only part of the first phase of step 0 draws for `purpose`.
  private func random(_ purpose: Purpose) -> RandomStream {
    RandomStream(seed: derivedSeed(derivedSeed(Self.seed, purpose.rawValue, 0, 0, 0), 0))
  }

  private func scores(_ game: AdversarialGame, _ images: Images) -> Tensor {
    game.discriminator(images, pass).tensor.detached()
  }

  @Test(arguments: ["instance_noise=0.5", "augment=flip", "augment=translation,cutout"])
  func dIsShownBothKindsOfImagesThroughTheView(assignment: String) throws {
    let game = try game(Self.still + [assignment])
    let view = { (images: Images, random: RandomStream) in
      switch assignment {
      case "instance_noise=0.5": InstanceNoise(deviation: 0.5, steps: 0)(images, step: 0, using: random)
      case "augment=flip": Augmentation([.flip])(images, using: random)
      default: Augmentation([.translation, .cutout])(images, using: random)
      }
    }
    let measured = try play(game)[0]
    let shown = (real: scores(game, view(real, random(.realView))), plain: scores(game, real))
    let shownFake = scores(game, view(fake(game), random(.fakeView)))
    #expect(abs(measured.scoreReal - shown.real.sigmoid().mean().item) < 1e-12)
    #expect(abs(measured.scoreFake - shownFake.sigmoid().mean().item) < 1e-12)
    #expect(abs(measured.scoreReal - shown.plain.sigmoid().mean().item) > 1e-6)
  }

  /// −log of a sigmoid and of its opposite differ by the logit.
  @Test func labelSmoothingAddsItsShareOfTheRealScores() throws {
    let (plain, smoothed) = (try play(game(Self.still))[0], try play(game(Self.still + ["label_smoothing=0.1"]))[0])
    let mean = scores(try game([]), real).mean().item
    #expect(abs(smoothed.lossDiscriminator - plain.lossDiscriminator - 0.1 * mean) < 1e-12)
    #expect(smoothed.lossGenerator == plain.lossGenerator && abs(mean) > 1e-6)
  }

  @Test func featureMatchingIsAddedToGsLoss() throws {
    let (plain, matched) = (try play(game(Self.still))[0], try play(game(Self.still + ["feature_matching=3"]))[0])
    let game = try game([])
    let features = [real, fake(game)].map { game.discriminator($0, classes: nil, pass).features.mean(axes: [0]) }
    let expected = 3 * (features[0] - features[1]).squared().sum().item
    #expect(abs(matched.lossGenerator - plain.lossGenerator - expected) < 1e-12 && expected > 1e-6)
    #expect(matched.lossDiscriminator == plain.lossDiscriminator)
  }

  /// In the first step G learns from all images, in the next from the half that D scores highest.
  @Test func topKIsOfTheImagesThatDScoresHighest() throws {
    let (plain, best) = (
      try play(game(Self.still), steps: 2), try play(game(Self.still + ["top_k=0.5", "top_k_steps=1"]), steps: 2)
    )
    #expect(best[0].lossGenerator == plain[0].lossGenerator)
    let game = try game([])
    let sorted = scores(game, fake(game, step: 1)).array(of: Double.self).sorted(by: >)
    let expected = (-Tensor(Array(sorted.prefix(4)))).softplus().mean().item
    #expect(abs(best[1].lossGenerator - expected) < 1e-12)
    #expect(best[1].lossDiscriminator == plain[1].lossDiscriminator)
  }

  /// With plain SGD a weight's step is the rate times its gradient.
  @Test(arguments: ["generator", "discriminator"])
  func orthogonalRegularisationAddsItsGradientToThatOfItsPlayer(player: String) throws {
    let sgd = ["generator", "discriminator"].flatMap { ["\($0).optimizer=sgd", "\($0).learning_rate=0.1"] }
    let common = sgd + ["update=simultaneous", "average_decay=0"]
    let (plain, regularised) = (try game(common), try game(common + ["\(player).orthogonal=0.1"]))
    let beginning = try game(common).tensors
    _ = (try play(plain), try play(regularised))
    for (index, name) in beginning.map(\.name).enumerated() where name.hasSuffix("weight") {
      let weight = beginning[index].tensor.detached()
      let term = OrthogonalRegularization(weight: 0.1).gradients(of: [(weight, 0)])[0]
      let expected = name.hasPrefix(player) ? -0.1 * term : term.zerosLike()
      let difference = regularised.tensors[index].tensor.detached() - plain.tensors[index].tensor.detached()
      #expect((difference - expected).abs().max().item < 1e-12, "\(name)")
      #expect(weight.size(0) == 1 || term.abs().max().item > 1e-6, "\(name)")
    }
  }

  @Test func packsOfImagesGetOneScore() throws {
    #expect(scores(try game(["packing=2"]), real).shape == [4, 1])
    let whole = try play(game(Self.still + ["packing=2"]))[0]
    let mean = scores(try game(["packing=2"]), real).sigmoid().mean().item
    #expect(abs(whole.scoreReal - mean) < 1e-12)
  }

  @Test func minibatchDeviationMakesAScoreDependOnItsNeighbours() throws {
    for (setting, depends) in [("true", true), ("false", false)] {
      let game = try game(["minibatch_deviation=\(setting)"])
      let alike = Images(real.tensor[0..<1].expanded([8, 1, 12, 12]).contiguous())
      let difference = (scores(game, real)[0] - scores(game, alike)[0]).abs().max().item
      #expect((difference > 1e-6) == depends)
    }
  }

  /// A discriminator of weights of norm 1 and slopes of at most 1 rises by at most 1 a unit of distance.
  @Test func spectralNormBoundsTheSlope() throws {
    let game = try game(["discriminator_norm=spectral"])
    // The norm is found by iteration, a step a pass.
    for _ in 0..<200 { _ = scores(game, real) }
    let images = real.requiringGradient()
    let found = gradients(of: game.discriminator(images, pass).tensor.sum(), with: [images.tensor])[0]
    let slopes = try #require(found).flattened().norm(axes: [1])
    #expect(slopes.max().item < 1 + 1e-6)
    let free = real.requiringGradient()
    let other = gradients(
      of: try self.game(["discriminator_norm=none"]).discriminator(free, pass).tensor.sum(), with: [free.tensor])[0]
    #expect(try #require(other).flattened().norm(axes: [1]).max().item > 1)
  }
}
