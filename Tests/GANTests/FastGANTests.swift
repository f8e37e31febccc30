import Foundation
import GAN
import TestFixtures
import Testing

/// FastGAN's networks against their author's code, at parameters that are hashes of their names
/// (`Tools/reference/make_fastgan_fixtures.py`).
@Suite struct FastGANTests {
  private static let side = 256

  private func description(width: Int, latents: Int) -> NetworkDescription {
    NetworkDescription(
      .fastgan, latentSize: latents, shape: SampleShape(channels: 3, height: Self.side, width: Self.side),
      baseWidth: width)
  }

  /// Gives every tensor the value that the script gave it, after its names have been compared; the noise of inference is ours
  /// alone.
  private func fill(_ state: StateDict, _ expected: Fixture.Case) throws {
    let names = try expected.text("names").split(separator: " ").map(String.init)
    let own = state.entries.filter { !$0.name.hasSuffix("noise_const") }
    #expect(own.map(\.name).sorted() == names.sorted())
    withoutGradient {
      for entry in state.entries where entry.tensor.dtype.isFloatingPoint {
        let (name, tensor) = (entry.name, entry.tensor)
        let draws = Tensor.hashed(name, tensor.shape)
        if name.hasSuffix(".0._u") || name.hasSuffix(".0._v") {
          tensor.copy(from: draws / draws.norm())
        } else if name.hasSuffix("noise_const") {
          tensor.copy(from: draws)
        } else if tensor.rank > 1 {
          tensor.copy(from: draws * 3.0.squareRoot())
        } else if tensor.shape == [1] {
          tensor.fill(0)
        } else {
          tensor.copy(from: draws * 0.2 + (name.hasSuffix("bias") || name.hasSuffix("mean") ? 0 : 1))
        }
      }
    }
  }

  private func agree(_ tensor: Tensor?, _ what: String, _ expected: Fixture.Case) throws {
    let deviation = try #require(tensor, "\(what)").deviation(from: try expected[what], floor: 1e-3)
    #expect(deviation < 1e-9, "\(what) of \(expected.name)")
  }

  private func agree(_ loss: Tensor, _ state: StateDict, _ expected: Fixture.Case) throws {
    let found = gradients(of: loss, with: state.parameters)
    // Gradients of what noise is multiplied by depend on the noise.
    for (entry, gradient) in zip(state.entries.filter(\.isParameter), found) where entry.tensor.shape != [1] {
      try agree(gradient ?? entry.tensor.zerosLike(), "grad/\(entry.name)", expected)
    }
  }

  private func loss(_ output: Tensor) -> Tensor { (output * .hashed("grad_output0", output.shape)).sum() }

  @Test func generator() throws {
    let expected = try fixture("original_fastgan")["generator"]
    let latents = try expected.whole("latents")
    let generator = try description(width: try expected.whole("width"), latents: latents).makeGenerator(
      random: RandomGenerator(seed: 1), dtype: .float64)
    try fill(generator.state, expected)
    let input = Tensor.hashed("input", [3, latents])
    let images = generator(input, .training(RandomStream(seed: 1))).tensor
    try agree(images.averagePooled(to: [16, 16]), "output", expected)
    try agree(loss(images), generator.state, expected)
    withoutGradient {
      for entry in generator.state.entries where entry.tensor.shape == [1] && entry.isParameter {
        entry.tensor.fill(0.3)
      }
    }
    try agree(generator(input).tensor.averagePooled(to: [16, 16]), "inference", expected)
  }

  /// Each seed has the discriminator reconstruct one of the quarters.
  @Test(arguments: 0..<4) func discriminator(part: Int) throws {
    let expected = try fixture("original_fastgan")["discriminator.\(part)"]
    let discriminator = try description(width: try expected.whole("width"), latents: 8).makeDiscriminator(
      random: RandomGenerator(seed: 1), dtype: .float64)
    try fill(discriminator.state, expected)
    let seed = try #require((UInt64(0)..<64).first { Int(RandomStream(seed: $0).next() % 4) == part })
    let images = Images(.hashed("input", [2, 3, Self.side, Self.side]))
    let verdict = discriminator(images, classes: nil, .training(RandomStream(seed: seed)))
    let error = try #require(verdict.reconstruction.map { $0() }).tensor
    try agree(error, "error", expected)
    guard part == 0 else { return }
    // The authors list all scores of the whole, then all of the half.
    let scores = verdict.scores.tensor
    let listed = Tensor.concatenated([
      scores.slice(1, from: 0, count: 25).reshaped(-1), scores.slice(1, from: 25, count: 25).reshaped(-1),
    ])
    try agree(listed, "output", expected)
    try agree(loss(listed) + error, discriminator.state, expected)
  }

  @Test(arguments: [(12, 12), (16, 16), (28, 28), (32, 32), (64, 16), (12, 28), (48, 96), (16, 256), (256, 12)])
  func picturesOfOtherSizes(height: Int, width: Int) throws {
    let shape = SampleShape(channels: 1, height: height, width: width)
    let description = NetworkDescription(.fastgan, latentSize: 8, shape: shape, baseWidth: 4)
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    let images = generator(RandomStream(seed: 2).normal([4, 8]))
    #expect(images.tensor.shape == [4, 1, height, width])
    let discriminator = try description.makeDiscriminator(random: RandomGenerator(seed: 1))
    let verdict = discriminator(images, classes: nil, .training(RandomStream(seed: 3)))
    #expect(verdict.scores.tensor.shape[0] == 4 && verdict.scores.tensor.isFinite)
    #expect(verdict.reconstruction?().tensor.isFinite == true)
  }

  /// The weight of reconstruction is in D's loss.
  @Test func reconstructionIsLearnt() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let losses = try [0, 1].map { weight -> [Double] in
        var found: [Double] = []
        let recipe = try tinyRecipe(.fastgan, ["objective=hinge", "reconstruction=\(weight)"])
        let trainer = try Trainer(
          recipe, data: data, run: .create("\(folder)/\(weight)"), settings: tinySettings(data))
        try trainer.run(until: .steps(2)) { event in
          if case .stepped(let record) = event { found.append(record.scalars[.lossDiscriminator] ?? .nan) }
          return .continue
        }
        return found
      }
      #expect(losses[0].count == 2 && losses[0][0] + 0.01 < losses[1][0], "\(losses)")
    }
  }

  @Test func aNetworkThatReconstructsNothingIsNamed() throws {
    let error = #expect(throws: TrainingError.self) { try tinyRecipe(.dcgan, ["reconstruction=1"]).validate() }
    #expect(error?.description.contains("reconstruction=0, or network=fastgan") == true)
  }
}
