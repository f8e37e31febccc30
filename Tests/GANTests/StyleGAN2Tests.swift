import Foundation
import GAN
import TestFixtures
import Testing

/// StyleGAN2's networks and what StyleGAN2-ADA does to images, against their authors' code, at parameters that are hashes of their
/// names (`Tools/reference/make_stylegan_fixtures.py`).
@Suite struct StyleGAN2Tests {
  private func description(_ expected: Fixture.Case) throws -> NetworkDescription {
    let side = try expected.whole("side")
    var description = NetworkDescription(
      .stylegan2, latentSize: 4,
      shape: SampleShape(channels: try expected.whole("channels"), height: side, width: side), baseWidth: 1)
    if expected.sets("layers") {
      description.mappingLayers = try expected.whole("layers")
      let classes = try expected.whole("classes")
      if classes > 0 {
        description.classTable = try ClassTable(counts: Array(repeating: 1, count: classes))
        description.conditioning = .mapping
      }
    }
    return description
  }

  /// Gives every tensor the value that the script gave it, after its names have been compared.
  private func fill(_ state: StateDict, _ expected: Fixture.Case) throws {
    let names = try expected.text("names").split(separator: " ").map(String.init)
    #expect(state.entries.map(\.name).sorted() == names.sorted())
    withoutGradient {
      for (name, tensor) in state.entries.map({ ($0.name, $0.tensor) }) {
        var draws = Tensor.hashed(name, tensor.shape) * (tensor.rank > 1 ? 3.0.squareRoot() : 0.2)
        if name.hasSuffix("affine.bias") { draws = draws + 1 }
        tensor.copy(from: name.hasPrefix("mapping.fc") ? draws * 100 : draws)
      }
    }
  }

  private func agree(_ tensor: Tensor?, _ what: String, _ expected: Fixture.Case) throws {
    let deviation = try #require(tensor, "\(what)").deviation(from: try expected[what], floor: 1e-3)
    #expect(deviation < 1e-10, "\(what) of \(expected.name)")
  }

  /// The gradients of a loss under a prefix; what the loss does not depend on has none.
  private func agree(_ loss: Tensor, _ state: StateDict, _ prefix: String, _ expected: Fixture.Case) throws {
    let found = gradients(of: loss, with: state.parameters)
    for (entry, gradient) in zip(state.entries.filter(\.isParameter), found) {
      let name = "\(prefix)/\(entry.name)"
      guard expected.has(name) else {
        #expect(gradient == nil || gradient?.abs().max().item == 0, "\(name)")
        continue
      }
      // Either side may know that a loss does not depend on a bias.
      try agree(gradient ?? entry.tensor.zerosLike(), name, expected)
    }
  }

  private func loss(_ output: Tensor) -> Tensor { (output * .hashed("grad_output0", output.shape)).sum() }

  @Test(arguments: try fixture("original_stylegan").cases("generator")) func generator(name: String) throws {
    let expected = try fixture("original_stylegan")[name]
    let generator = try #require(
      try description(expected).makeGenerator(random: RandomGenerator(seed: 1), dtype: .float64)
        as? StyleGAN2Generator)
    try fill(generator.state, expected)
    let latents = Tensor.hashed("input", [2, 4])
    let classes = try expected.whole("classes") > 0 ? Tensor([Int64(2), 0]) : nil
    let styles = generator.styles(latents, classes: classes, .inference)
    try agree(styles, "styles", expected)
    // An inference pass keeps images within [-1, 1]; the authors leave that to who shows them.
    let wide = try expected["output"]
    let shown = generator.images(styles, .inference).tensor
    #expect(shown.deviation(from: wide.clamped(-1, 1)) < 1e-10)
    let truncated = generator.images(generator.truncated(styles, 0.7), .inference).tensor
    #expect(truncated.deviation(from: try expected["truncated"].clamped(-1, 1)) < 1e-10)
  }

  @Test(arguments: try fixture("original_stylegan").cases("generator")) func gradientsOfTheGenerator(name: String)
    throws
  {
    let expected = try fixture("original_stylegan")[name]
    let generator = try #require(
      try description(expected).makeGenerator(random: RandomGenerator(seed: 1), dtype: .float64)
        as? StyleGAN2Generator)
    try fill(generator.state, expected)
    let classes = try expected.whole("classes") > 0 ? Tensor([Int64(2), 0]) : nil
    let styles = generator.styles(.hashed("input", [2, 4]), classes: classes, .inference)
    let images = generator.synthesis(styles, nil)
    try agree(images, "output", expected)
    try agree(loss(images), generator.state, "grad", expected)

    let own = Tensor.hashed("styles", styles.shape).requiringGradient()
    try agree(generator.synthesis(own, nil), "mixed", expected)
    let pathLength = PathLength(weight: 2)
    pathLength.mean.fill(0.5)
    let drawn = Images(generator.synthesis(own, nil))
    let penalty = pathLength(drawn, of: own, noise: .hashed("noise", drawn.tensor.shape))
    try agree(penalty.loss.tensor, "penalty", expected)
    try agree(penalty.lengths, "lengths", expected)
    try agree(pathLength.mean, "mean", expected)
    try agree(penalty.loss.tensor, generator.state, "path", expected)

    _ = withoutGradient {
      generator.styles(.hashed("input", [2, 4]), classes: classes, .training(RandomStream(seed: 1)))
    }
    try agree(generator.state["mapping.w_avg"], "after", expected)
  }

  @Test func discriminator() throws {
    let expected = try fixture("original_stylegan")["discriminator"]
    var settings = DiscriminatorSettings()
    settings.minibatchDeviation = true
    let discriminator = try description(expected).makeDiscriminator(
      random: RandomGenerator(seed: 1), settings, dtype: .float64)
    try fill(discriminator.state, expected)
    let images = Images(Tensor.hashed("input", [8, 3, 16, 16]).requiringGradient())
    let scores = discriminator(images, classes: nil, .training(RandomStream(seed: 1))).scores
    try agree(scores.tensor, "output", expected)
    try agree(loss(scores.tensor), discriminator.state, "grad", expected)
    let again = discriminator(images, classes: nil, .training(RandomStream(seed: 1))).scores
    let slopes = try #require(gradients(of: again.tensor.sum(), with: [images.tensor], createGraph: true)[0])
    try agree(slopes.squared().sum(), discriminator.state, "r1", expected)
  }

  @Test(arguments: try fixture("original_augmentation").cases("rotation")) func rotation(name: String) throws {
    let expected = try fixture("original_augmentation")[name]
    let quarters = try expected.whole("quarters")
    let turns = try (0..<4).map { number -> Double in
      let turned = Rotation(Tensor([Int64(number)]))(Images(try expected["input"])).tensor
      return (turned - (try expected["output"])).abs().max().item
    }
    // The authors turn by interpolating between pixels of twice the density, and mirror what lies beyond the edges.
    #expect(turns[quarters] < 0.05, "\(turns)")
    #expect(turns.enumerated().allSatisfy { $0 == quarters || $1 > 0.5 }, "\(turns)")
  }

  /// In training a batch gets two styles with the probability that was asked for, from any layer on; in inference one.
  @Test func stylesAreMixed() throws {
    var description = NetworkDescription(
      .stylegan2, latentSize: 8, shape: SampleShape(channels: 1, height: 12, width: 12), baseWidth: 2)
    description.styleMixing = 0.5
    let generator = try #require(
      try description.makeGenerator(random: RandomGenerator(seed: 1)) as? StyleGAN2Generator)
    let latents = RandomStream(seed: 2).normal([3, 8])
    var firsts: [Int: Int] = [:]
    for seed in 0..<400 {
      let styles = withoutGradient {
        generator.styles(latents, classes: nil, .training(RandomStream(seed: UInt64(seed))))
      }
      let parts = (0..<generator.styleCount).map { styles.slice(1, from: $0, count: 1) }
      #expect(parts.count == 6)
      firsts[parts.firstIndex { !$0.isIdentical(to: parts[0]) } ?? 0, default: 0] += 1
    }
    #expect(Set(firsts.keys) == Set(0...5))
    // 400 draws of even chances: three deviations.
    #expect(abs(firsts[0, default: 0] - 200) < 30)
  }

  @Test func sidesOfUnequalHalvingsHaveBlocksOfTheirOwn() throws {
    let description = NetworkDescription(
      .stylegan2, latentSize: 8, shape: SampleShape(channels: 1, height: 28, width: 12), baseWidth: 2)
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    #expect(generator(RandomStream(seed: 2).normal([2, 8])).tensor.shape == [2, 1, 28, 12])
    #expect(generator.state["synthesis.b7x3.const"]?.shape == [8, 7, 3])
    let discriminator = try description.makeDiscriminator(random: RandomGenerator(seed: 1))
    #expect(discriminator(Images(.zeros([2, 1, 28, 12]))).tensor.shape == [2, 1])
  }
}
