import GAN
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// Both players of each pair of networks, from latents to a score and back to all parameters.
  @Suite struct Networks {
    /// A pair of networks and what its players are conditional on.
    struct Pair: CustomTestStringConvertible {
      let description: NetworkDescription
      var settings = DiscriminatorSettings()

      init(
        _ kind: NetworkKind, _ shape: SampleShape, generator: GeneratorConditioning = .none,
        discriminator: DiscriminatorConditioning = .none, norm: DiscriminatorNorm? = nil
      ) throws {
        var description = NetworkDescription(kind, latentSize: 6, shape: shape, baseWidth: 4)
        if generator != .none || discriminator != .none { description.classTable = try ClassTable(counts: [5, 5, 5]) }
        description.conditioning = generator
        description.attention = kind == .resnet
        self.description = description
        settings.conditioning = discriminator
        settings.norm = norm
        settings.minibatchDeviation = ![.dcganKeras, .fastgan].contains(kind)
      }

      var testDescription: String {
        "\(description.kind.rawValue), \(description.conditioning.rawValue) and \(settings.conditioning.rawValue)"
      }
    }

    static func pairs() throws -> [Pair] {
      let (grey, coloured) = (
        SampleShape(channels: 1, height: 28, width: 28), SampleShape(channels: 3, height: 32, width: 32)
      )
      return [
        try Pair(.mlp, grey), try Pair(.mlp, grey, generator: .concatenation, discriminator: .concatenation),
        try Pair(.dcgan, coloured), try Pair(.dcgan, coloured, discriminator: .auxiliary, norm: .spectral),
        try Pair(.dcganKeras, grey), try Pair(.dcganKeras, grey, generator: .concatenation, discriminator: .projection),
        try Pair(.resnet, coloured), try Pair(.resnet, coloured, generator: .batchNorm, discriminator: .projection),
        try Pair(.stylegan2, coloured), try Pair(.stylegan2, grey, generator: .mapping, discriminator: .projection),
        try Pair(.fastgan, coloured), try Pair(.fastgan, grey, generator: .concatenation, discriminator: .projection),
        try Pair(.r3gan, coloured), try Pair(.r3gan, coloured, generator: .concatenation, discriminator: .projection),
      ]
    }

    @Test(arguments: try pairs()) func aPassOfBothPlayersAgrees(pair: Pair) throws {
      let latents = draws([4, 6], .float64, seed: 1)
      let classes = Tensor([2, 0, 1, 2] as [Int64])
      let outcomes = try [Device.cpu, .pretended].map { device -> Outcome in
        let random = RandomGenerator(seed: 2)
        let generator = try pair.description.makeGenerator(random: random, dtype: .float64, device: device)
        let discriminator = try pair.description.makeDiscriminator(
          random: random, pair.settings, dtype: .float64, device: device)
        let parameters = generator.state.parameters + discriminator.state.parameters
        return try Outcome(of: [latents, classes], on: device, twice: false) {
          let pass = Pass.training(RandomStream(seed: 3, device: device))
          let asked = pair.description.conditioning == .none ? nil : $0[1]
          let judged = pair.settings.conditioning == .none ? nil : $0[1]
          let verdict = discriminator(generator($0[0], classes: asked, pass), classes: judged, pass)
          let terms = [verdict.scores.tensor] + [verdict.classLogits].compactMap { $0 }
          let losses = terms.map { $0.squared().sum().reshaped(1) }
          let found = gradients(of: Tensor.concatenated(losses).sum(), with: parameters, retainGraph: true)
          return terms + found.compactMap { $0 }
        }
      }
      #expect(outcomes[0].values.count > 4)
      // The gradients of biases before a batch norm are nothing but rounding.
      outcomes[1].expectEqual(to: outcomes[0], 1e-8)
    }

    /// In another type than the parameters' each operator that a GPU takes in low precision meets maps and weights.
    @Test(arguments: try pairs()) func bothPlayersPlayUnderAutocast(pair: Pair) throws {
      let device = try Device.pretended
      let random = RandomGenerator(seed: 2)
      let generator = try pair.description.makeGenerator(random: random, device: device)
      let discriminator = try pair.description.makeDiscriminator(random: random, pair.settings, device: device)
      let (latents, classes) = (
        draws([4, 6], .float32, seed: 1).to(device), Tensor([2, 0, 1, 2] as [Int64]).to(device)
      )
      func scores() -> Tensor {
        let pass = Pass.training(RandomStream(seed: 3, device: device))
        let images = generator(latents, classes: pair.description.conditioning == .none ? nil : classes, pass)
        return discriminator(images, classes: pair.settings.conditioning == .none ? nil : classes, pass).scores.tensor
      }
      let (cast, slopes) = try withoutReads {
        try withTorchErrors {
          let cast = withAutocast(.bfloat16, on: device) { scores() }
          return (cast, gradients(of: cast.squared().sum(), with: generator.state.parameters))
        }
      }
      #expect(cast.dtype == .float32)
      #expect(cast.to(.cpu).deviation(from: scores().to(.cpu), floor: 0.1) < 0.3)
      #expect(slopes.allSatisfy { $0?.isFinite == true })
    }
  }
}
