import GAN
import TestFixtures
import Testing

/// Small U-Nets and the autoencoder against PyTorch modules written for the purpose; sizes, names, noise and precision of the
/// networks of image translation, which ``OriginalNetworkTests`` holds against their authors' code.
@Suite struct TranslationNetworkTests {
  private static func random() -> RandomGenerator { RandomGenerator(seed: 1) }

  private func doubles() -> StateDict { StateDict(random: Self.random(), dtype: .float64) }

  private func load(_ state: StateDict, _ expected: Fixture.Case) throws {
    var given = try expected.tensors(under: "state")
    // How often a batch norm was used is no part of the fixtures.
    for entry in state.entries where entry.name.hasSuffix("num_batches_tracked") { given[entry.name] = entry.tensor }
    try state.load(given)
  }

  private func agree(_ tensor: Tensor?, _ what: String, _ expected: Fixture.Case) throws {
    let tensor = try #require(tensor, "\(what)")
    #expect(tensor.deviation(from: try expected[what]) < 1e-11, "\(what) of \(expected.name)")
  }

  /// The gradients of every parameter, and what the training pass left in the buffers.
  private func agree(_ loss: Tensor, _ state: StateDict, _ expected: Fixture.Case) throws {
    let found = gradients(of: loss, with: state.parameters)
    for (entry, gradient) in zip(state.entries.filter(\.isParameter), found) {
      try agree(gradient, "grad/\(entry.name)", expected)
    }
    for name in try expected.tensors(under: "after").keys { try agree(state[name], "after/\(name)", expected) }
  }

  private func play(_ expected: Fixture.Case, _ network: any Module, _ forward: (Images, Pass) -> Tensor) throws {
    try load(network.state, expected)
    let input = Images(try expected["input"])
    try agree(forward(input, .inference), "inference", expected)
    let output = forward(input, .training(RandomStream(seed: 1)))
    try agree(output, "output", expected)
    try agree((output * (try expected["grad_output"])).sum(), network.state, expected)
  }

  @Test(arguments: try fixture("translation").cases("unet.")) func unet(name: String) throws {
    let expected = try fixture("translation")[name]
    let network = try UNetGenerator(
      doubles(), inputs: try expected.whole("inputs"), outputs: try expected.whole("outputs"),
      side: try expected.whole("side"), baseWidth: try expected.whole("base_width"),
      norm: try #require(MapNorm(rawValue: try expected.text("norm"))), dropout: 0)
    try play(expected, network) { network($0, $1).tensor }
  }

  /// The sizes of the authors' networks: their issue 422 prints the numbers of parameters.
  @Test func parametersAreAsManyAsTheAuthors() throws {
    let state = StateDict(random: Self.random())
    _ = try UNetGenerator(state, inputs: 3, outputs: 3, side: 256)
    #expect(state.parameterCount == 54_413_955)
    let patches = StateDict(random: Self.random())
    _ = PatchDiscriminator(patches, channels: 6)
    #expect(patches.parameterCount == 2_768_705)
    let instance = StateDict(random: Self.random())
    _ = PatchDiscriminator(instance, channels: 3, norm: .instance)
    #expect(instance.parameterCount == 2_764_737)
    for (blocks, count) in [(9, 11_378_179), (6, 7_837_699)] {
      for sampling in MapSampling.allCases {
        let residual = StateDict(random: Self.random())
        _ = CycleGANGenerator(residual, inputs: 3, outputs: 3, blocks: blocks, sampling: sampling)
        #expect(residual.parameterCount == count)
      }
    }
  }

  /// The authors' names, by which their files load.
  @Test func namesAndShapesAreTheAuthors() throws {
    let state = StateDict(random: Self.random())
    _ = try UNetGenerator(state, inputs: 3, outputs: 1, side: 8, baseWidth: 2)
    let shapes = Dictionary(uniqueKeysWithValues: state.entries.map { ($0.name, $0.tensor.shape) })
    #expect(shapes["model.model.0.weight"] == [2, 3, 4, 4])
    #expect(shapes["model.model.1.model.1.weight"] == [4, 2, 4, 4])
    #expect(shapes["model.model.1.model.2.running_var"] == [4])
    #expect(shapes["model.model.1.model.3.model.1.weight"] == [8, 4, 4, 4])
    #expect(shapes["model.model.1.model.3.model.3.weight"] == [8, 4, 4, 4])
    #expect(shapes["model.model.1.model.3.model.4.bias"] == [4])
    #expect(shapes["model.model.1.model.5.weight"] == [8, 2, 4, 4])
    #expect(shapes["model.model.1.model.6.weight"] == [2])
    #expect(shapes["model.model.3.weight"] == [4, 1, 4, 4])
    #expect(shapes["model.model.3.bias"] == [1])
    // Besides these the counts and means of three norms, and the rest of their weights.
    #expect(state.parameters.count == 13)
  }

  /// The noise of pix2pix: another one each time it translates in training, none in inference.
  @Test func dropoutIsTheNoiseOfTheUNet() throws {
    let network = try UNetGenerator(StateDict(random: Self.random()), inputs: 1, outputs: 1, side: 64, baseWidth: 2)
    let source = Images(.full([2, 1, 64, 64], 0.5))
    withoutGradient {
      func translated(_ seed: UInt64) -> Tensor { network(source, .training(RandomStream(seed: seed))).tensor }
      let first = translated(1)
      #expect(first.isIdentical(to: translated(1)))
      #expect(!first.isIdentical(to: translated(2)))
      #expect(network(source, .inference).tensor.isIdentical(to: network(source, .inference).tensor))
    }
  }

  /// The noise of CycleGAN's generator, where it has any.
  @Test func dropoutIsTheNoiseOfCycleGANsGenerator() {
    let source = Images(RandomStream(seed: 7).uniform([1, 1, 8, 8], -1, 1))
    func translated(_ dropout: Double, _ pass: Pass) -> Tensor {
      let state = StateDict(random: Self.random())
      let network = CycleGANGenerator(state, inputs: 1, outputs: 1, blocks: 2, baseWidth: 2, dropout: dropout)
      return withoutGradient { network(source, pass).tensor }
    }
    func training(_ seed: UInt64) -> Pass { .training(RandomStream(seed: seed)) }
    #expect(translated(0.5, training(1)).isIdentical(to: translated(0.5, training(1))))
    #expect(!translated(0.5, training(1)).isIdentical(to: translated(0.5, training(2))))
    #expect(translated(0.5, .inference).isIdentical(to: translated(0, training(1))))
  }

  /// As the files of earlier builds.
  @Test func withoutADepthAUNetMakesOnePixelOfItsImages() throws {
    let pictures = ColumnFormat.pictures(SampleShape(channels: 3, height: 32, width: 32))
    var blueprint = try Translator(
      StateDict(random: Self.random()),
      TranslatorDescription(.unet(depth: 5), baseWidth: 2, norm: .batch, dropout: 0.5), from: pictures, to: pictures
    ).blueprint
    #expect(blueprint.settings["depth"] == 5)
    blueprint.settings["depth"] = nil
    #expect(try Translator(blueprint).description.architecture == .unet(depth: 5))
  }

  @Test func sidesThatNetworksTake() throws {
    let unet = try UNetGenerator(StateDict(random: Self.random()), inputs: 1, outputs: 1, side: 16, baseWidth: 1)
    #expect(unet.takes(height: 16, width: 48))
    for (height, width) in [(24, 16), (0, 16), (16, 8)] { #expect(!unet.takes(height: height, width: width)) }
    let residual = CycleGANGenerator(StateDict(random: Self.random()), inputs: 1, outputs: 1, blocks: 1, baseWidth: 1)
    #expect(residual.takes(height: 8, width: 12))
    for (height, width) in [(4, 8), (8, 10)] { #expect(!residual.takes(height: height, width: width)) }
  }

  @Test(arguments: [0, 2, 48, 2048]) func otherSidesAreRefused(side: Int) {
    let said = sentence {
      _ = try UNetGenerator(StateDict(random: Self.random()), inputs: 1, outputs: 1, side: side, baseWidth: 1)
    }
    #expect(said?.contains("power of 2 from 4 to 1024, and \(side) is not one") == true, "\(said ?? "built")")
  }

  @Test(arguments: try fixture("autoencoder").cases()) func autoencoder(name: String) throws {
    let expected = try fixture("autoencoder")[name]
    let network = try VariationalAutoencoder(doubles(), try .of(expected))
    try load(network.state, expected)
    let (images, noise) = (Images(try expected["images"]), try expected["noise"])
    let known = network.encode(images, .inference)
    try agree(known.mean, "inference/mean", expected)
    try agree(known.logVariance, "inference/log_variance", expected)
    try agree(network.decode(noise, .inference).tensor, "inference/decoded", expected)

    let pass = Pass.training(RandomStream(seed: 1))
    let posterior = network.encode(images, pass)
    let decoded = network.decode(posterior.draw(noise), pass)
    let divergence = posterior.divergence()
    let loss = Reconstruction.l2(decoded, images) + 0.1 * divergence
    try agree(posterior.mean, "mean", expected)
    try agree(posterior.logVariance, "log_variance", expected)
    try agree(decoded.tensor, "decoded", expected)
    try agree(divergence.tensor, "divergence", expected)
    try agree(loss.tensor, "loss", expected)
    try agree(loss.tensor, network.state, expected)
  }

  @Test func theStandardNormalDistributionDivergesByNothingFromItself() {
    let zeros = Tensor.zeros([3, 2], dtype: .float64)
    #expect(DiagonalGaussian(mean: zeros, logVariance: zeros).divergence().value == 0)
    #expect(DiagonalGaussian(mean: zeros + 1, logVariance: zeros).divergence().value == 1)
  }

  /// Under autocast maps are bfloat16, and what leaves a network is float32 and near what float32 gives.
  @Test(arguments: MapNorm.allCases) func networksComputeInBfloat16(norm: MapNorm) throws {
    let random = Self.random()
    let images = Images(Tensor.empty([2, 2, 64, 64]))
    images.tensor.fillUniform(-1, 1, using: random)
    let unet = try UNetGenerator(StateDict(random: random), inputs: 2, outputs: 2, side: 64, baseWidth: 8, norm: norm)
    let residual = CycleGANGenerator(
      StateDict(random: random), inputs: 2, outputs: 2, blocks: 2, baseWidth: 8, norm: norm, sampling: .antialiased)
    let patches = PatchDiscriminator(
      StateDict(random: random), channels: 4, baseWidth: 8, norm: norm, sampling: .antialiased)
    let pixels = PixelDiscriminator(StateDict(random: random), channels: 2, norm: norm)
    let autoencoder = try VariationalAutoencoder(
      StateDict(random: random),
      AutoencoderDescription(
        norm == .batch ? .convolutional : .fullyConnected, latentSize: 4,
        shape: SampleShape(channels: 2, height: 64, width: 64), baseWidth: 8))
    func outputs() -> [Tensor] {
      let posterior = autoencoder.encode(images, .inference)
      let translated = unet(images, .inference)
      return [
        translated.tensor, residual(images, .inference).tensor, patches(images, translated, .inference).tensor,
        pixels(images, .inference).tensor, posterior.logVariance,
        autoencoder.decode(posterior.mean, .inference).tensor,
      ]
    }
    let (wide, narrow) = withoutGradient { (outputs(), withAutocast(.bfloat16, on: .cpu) { outputs() }) }
    for (a, b) in zip(wide, narrow) {
      #expect(b.dtype == .float32)
      #expect(b.deviation(from: a) < 0.1 && !b.isIdentical(to: a))
    }
  }
}
