import Foundation
import GAN
import TestFixtures
import Testing

/// The residual networks and the discriminators' norms against PyTorch modules written for the purpose.
@Suite struct ResidualNetworkTests {
  @Test(arguments: try fixture("residual").cases()) func residual(name: String) throws {
    try play(try fixture("residual")[name])
  }

  @Test(arguments: try fixture("discriminator_norm").cases()) func discriminatorNorm(name: String) throws {
    try play(try fixture("discriminator_norm")[name])
  }

  /// Both players in inference, then in training: D on the real images, on the generated ones, and on the real ones
  /// again for its slope there, whose gradient takes a second derivative of every layer.
  private func play(_ expected: Fixture.Case) throws {
    func agree(_ tensor: Tensor?, _ what: String) throws {
      let tensor = try #require(tensor, "\(what)")
      #expect(tensor.deviation(from: try expected[what]) < 1e-11, "\(what) of \(expected.name)")
    }
    let kind = try #require(NetworkKind(rawValue: String(expected.name.prefix { $0 != "." })))
    let shape = SampleShape(
      channels: try expected.whole("channels"), height: try expected.whole("height"), width: try expected.whole("width")
    )
    var description = NetworkDescription(
      kind, latentSize: try expected.whole("latent_size"), shape: shape, baseWidth: try expected.whole("base_width"))
    let classCount = try expected.whole("classes")
    if classCount > 0 {
      description.classTable = try ClassTable(counts: Array(repeating: 1, count: classCount))
      description.conditioning = .batchNorm
    }
    description.attention = try expected.truth("attention")
    var settings = DiscriminatorSettings()
    settings.norm = DiscriminatorNorm(rawValue: try expected.text("norm"))
    settings.minibatchDeviation = try expected.truth("minibatch")
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1), dtype: .float64)
    let discriminator = try description.makeDiscriminator(random: RandomGenerator(seed: 1), settings, dtype: .float64)
    let players = [("generator", generator.state), ("discriminator", discriminator.state)]
    for (player, state) in players {
      var given = try expected.tensors(under: player)
      for entry in state.entries where entry.name.hasSuffix("num_batches_tracked") { given[entry.name] = entry.tensor }
      try state.load(given)
    }
    let (latents, real) = (try expected["latents"], try expected["real"])
    let classes = expected.has("classes") ? try expected["classes"] : nil
    try agree(generator(latents, classes: classes).tensor, "inference/images")
    try agree(discriminator(Images(real)).tensor, "inference/scores_real")

    let pass = Pass.training(RandomStream(seed: 1))
    let images = generator(latents, classes: classes, pass)
    let scores = (discriminator(Images(real), pass), discriminator(images, pass))
    let input = real.clone().requiringGradient()
    let slope = try #require(
      gradients(of: discriminator(Images(input), pass).tensor.sum(), with: [input], createGraph: true)[0])
    let penalty = slope.squared().sum(axes: [1, 2, 3]).mean() * 0.5
    let game = NonSaturating()
    let losses = (game.discriminatorLoss(real: scores.0, fake: scores.1), game.generatorLoss(fake: scores.1))
    try agree(images.tensor, "images")
    try agree(scores.0.tensor, "scores_real")
    try agree(scores.1.tensor, "scores_fake")
    try agree(penalty, "penalty")
    try agree(losses.0.tensor, "loss_discriminator")
    try agree(losses.1.tensor, "loss_generator")
    for (state, loss, what) in [
      (discriminator.state, penalty, "grad_penalty"), (discriminator.state, losses.0.tensor, "grad_discriminator"),
      (generator.state, losses.1.tensor, "grad_generator"),
    ] {
      let found = gradients(of: loss, with: state.parameters, retainGraph: true)
      for (entry, slope) in zip(state.entries.filter(\.isParameter), found) {
        // Where the fixture has none, the loss does not depend on the tensor.
        let name = "\(what)/\(entry.name)"
        if expected.has(name) {
          try agree(slope ?? entry.tensor.detached().zerosLike(), name)
        } else if let slope {
          #expect(slope.abs().max().item == 0, "\(name)")
        }
      }
    }
    for (player, state) in players {
      for name in try expected.tensors(under: "after/\(player)").keys {
        try agree(state[name], "after/\(player)/\(name)")
      }
    }
  }

  @Test(arguments: [
    // Miyato et al. 2018, tables 3 to 5, and 28 pixels: G's widths, D's, and how often D halves the height.
    (32, 256, [256, 256, 256, 256], [128, 128, 128, 128], 2),
    (28, 256, [256, 256, 256], [128, 128, 128, 128], 2),
    (48, 64, [512, 256, 128, 64], [64, 128, 256, 512, 1024], 4),
    (64, 64, [1024, 512, 256, 128, 64], [64, 128, 256, 512, 1024], 4),
    (128, 64, [1024, 1024, 512, 256, 128, 64], [64, 128, 256, 512, 1024, 1024], 5),
  ])
  func resnetHasThePapersBlocks(side: Int, width: Int, up: [Int], down: [Int], halvings: Int) throws {
    let plan = try ResNetPlan(height: side, width: side, baseWidth: width)
    #expect(plan.features == up)
    #expect(plan.downs.map(\.features) == down)
    #expect(plan.downs.filter { $0.factor == (2, 2) }.count == halvings)
    #expect(plan.downs.allSatisfy { $0.factor == (2, 2) || $0.factor == (1, 1) })
  }

  @Test(arguments: [(32, 2, 1), (28, 1, 1), (64, 2, 2), (128, 3, 2), (48, 1, 2), (256, 3, 3)])
  func attentionLooksAtMapsOfAQuarterOfTheSide(side: Int, up: Int, down: Int) throws {
    let plan = try ResNetPlan(height: side, width: side, baseWidth: 8)
    #expect(plan.attention.generator == up)
    #expect(plan.attention.discriminator == down)
  }

  @Test func r3ganHasThePapersWidthsAndGroups() throws {
    #expect(try R3GANPlan(height: 256, width: 256, baseWidth: 96).features == [768, 768, 768, 768, 384, 192, 96])
    let state = StateDict(random: RandomGenerator(seed: 1))
    _ = R3GANBlock(state.root, 96, gain: 1)
    // 12 groups of 16 channels.
    #expect(try #require(state["conv2.weight"]).shape == [192, 16, 3, 3])
  }

  /// Residual branches end in zeros: each block is the identity at first, and the signal keeps its variance.
  @Test func r3ganBeginsAsItsTransitions() throws {
    let block = R3GANBlock(StateDict(random: RandomGenerator(seed: 1)).root, 16, gain: 0.5)
    let maps = Tensor.normalRows(count: 4, size: 16 * 16, seed: 2).reshaped(4, 16, 4, 4)
    #expect(block(maps).isIdentical(to: maps))
    let shape = SampleShape(channels: 3, height: 32, width: 32)
    let generator = try NetworkDescription(.r3gan, latentSize: 64, shape: shape).makeGenerator(
      random: RandomGenerator(seed: 3))
    let latents = Tensor.normalRows(count: 64, size: 64, seed: 4)
    let images = generator(latents, .training(RandomStream(seed: 5))).tensor
    // The smoothing of three doublings takes some of a white basis' variance, not an order of magnitude.
    let variance = (images.squared().mean() - images.mean().squared()).item
    #expect((0.05...1.5).contains(variance), "\(variance)")
    #expect(images.abs().max().item > 1)
    #expect(generator(latents).tensor.abs().max().item == 1)
  }

  /// Fix-up: with L blocks, the first two weights of each have He's deviation times L to the power of −1/4.
  @Test func r3gansFirstWeightsAreScaledByTheNumberOfBlocks() throws {
    let state = try NetworkDescription(.r3gan, shape: SampleShape(channels: 3, height: 32, width: 32))
      .makeDiscriminator(
        random: RandomGenerator(seed: 1)
      ).state
    // Maps of 32, 16, 8 and 4 pixels, two blocks each; leaky relu's slope is 0.2.
    for (name, fanIn) in [("stage3.block2.conv1.weight", 256.0), ("stage3.block2.conv2.weight", 16 * 9)] {
      let weight = try #require(state[name]).detached()
      let expected = (2 / (1 + 0.04) / fanIn).squareRoot() * pow(8, -0.25)
      #expect(abs(weight.squared().mean().item.squareRoot() / expected - 1) < 0.02, "\(name)")
    }
  }

  /// The classes are latents to its network, as with the others.
  @Test func resnetTakesConcatenatedClasses() throws {
    var description = NetworkDescription(
      .resnet, latentSize: 5, shape: SampleShape(channels: 1, height: 8, width: 8), baseWidth: 4)
    description.classTable = try ClassTable(counts: [1, 1, 1])
    description.conditioning = .concatenation
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    #expect(try #require(generator.state["project.weight"]).size(1) == 8)
    let latents = Tensor.normalRows(count: 1, size: 5, seed: 2)
    func drawn(_ index: Int64) -> Tensor { generator(latents, classes: Tensor([index])).tensor }
    #expect((drawn(0) - drawn(2)).abs().max().item > 1e-4)
  }

  @Test func whatANetworkCannotHaveIsRefused() throws {
    let shape = SampleShape(channels: 1, height: 8, width: 8)
    var description = NetworkDescription(.dcgan, shape: shape, baseWidth: 2)
    description.attention = true
    #expect(throws: TrainingError.self) { try description.validate() }
    description.attention = false
    description.classTable = try ClassTable(counts: [1, 1, 1])
    description.conditioning = .batchNorm
    #expect(throws: TrainingError.self) { try description.validate() }
    for kind in NetworkKind.allCases {
      for norm in DiscriminatorNorm.allCases {
        var settings = DiscriminatorSettings()
        settings.norm = norm
        let description = NetworkDescription(
          kind, shape: SampleShape(channels: 3, height: 16, width: 16), baseWidth: 2)
        let made = try? description.makeDiscriminator(random: RandomGenerator(seed: 1), settings)
        #expect((made != nil) == kind.norms.contains(norm), "\(kind) \(norm)")
      }
    }
  }
}
