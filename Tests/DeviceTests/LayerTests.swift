import GAN
import NN
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// A training pass of each layer, and its gradients once and twice: the host's numbers, none of which comes to the host.
  @Suite struct Layers {
    /// A layer by what makes it and what it takes; integers are its classes.
    struct Layer: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let inputs: @Sendable () -> [Tensor]
      let make: @Sendable (Path) -> ([Tensor], Pass) -> Tensor

      init(
        _ name: String, _ shape: [Int] = [6, 8, 4, 4], classes: Bool = false,
        _ make: @escaping @Sendable (Path) -> ([Tensor], Pass) -> Tensor
      ) {
        testDescription = name
        inputs = {
          [draws(shape, .float64, seed: 1)] + (classes ? [Tensor((0..<shape[0]).map { Int64($0 % 3) })] : [])
        }
        self.make = make
      }

      init(
        _ name: String, _ shape: [Int] = [6, 8, 4, 4], _ function: @escaping @Sendable (Tensor, Pass) -> Tensor
      ) {
        self.init(name, shape) { _ in { function($0[0], $1) } }
      }
    }

    static let layers: [Layer] =
      [
        Layer("Linear", [6, 5]) { path in
          let layer = Linear(path, 5, 7)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("Conv2d") { path in
          let layer = Conv2d(path, 8, 6, kernel: 3, stride: 2, padding: .same)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("Conv2d in groups") { path in
          let layer = Conv2d(path, 8, 6, kernel: 3, padding: .symmetric(1), groups: 2, bias: false)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("ConvTranspose2d") { path in
          let layer = ConvTranspose2d(path, 8, 6, kernel: 5, stride: 2, padding: .same)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("BatchNorm") { path in
          let layer = BatchNorm(path, 8)
          return { layer($0[0], $1, then: .leakyReLU(0.2)) }
        },
        Layer("BatchNorm without weight", [9, 8]) { path in
          let layer = BatchNorm(path, 8, affine: false, keeping: .biased)
          return { layer($0[0], $1, then: .elu) }
        },
        Layer("ConditionalBatchNorm", classes: true) { path in
          let layer = ConditionalBatchNorm(path, 8, classes: 3)
          return { layer($0[0], classes: $0[1], $1, then: .relu) }
        },
        Layer("Embedding", [6, 4], classes: true) { path in
          let layer = Embedding(path, 3, 4)
          return { inputs, _ in layer(inputs[1]) * inputs[0] }
        },
        Layer("GroupNorm") { path in
          let layer = GroupNorm(path, groups: 2, 8)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("InstanceNorm") { path in
          let layer = InstanceNorm(path, 8, affine: true)
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("LayerNorm") { path in
          let layer = LayerNorm(path, [4, 4])
          return { inputs, _ in layer(inputs[0]) }
        },
        Layer("SpectralNorm of Linear", [6, 5]) { path in
          let layer = SpectralNorm(Linear(path, 5, 7))
          return { layer($0[0], $1) }
        },
        Layer("SpectralNorm of ConvTranspose2d") { path in
          let layer = SpectralNorm(ConvTranspose2d(path, 8, 6, kernel: 4, stride: 2, padding: .symmetric(1)))
          return { layer($0[0], $1) }
        },
        Layer("SelfAttention") { path in
          let layer = SelfAttention(path, 8, spectral: true)
          withoutGradient { path.state["gamma"]?.fill(0.5) }
          return { layer($0[0], $1) }
        },
        Layer("MinibatchStandardDeviation") { x, _ in MinibatchStandardDeviation()(x) },
        Layer("Dropout") { x, pass in Dropout(0.4)(x, pass, after: .leakyReLU(0.2)) },
        Layer("Dropout after a curve") { x, pass in Dropout(0.4)(x, pass, after: .elu) },
        Layer("ReflectionPadding") { x, _ in ReflectionPadding(2, 1)(x) },
        Layer("UpSample, nearest") { x, _ in UpSample(2)(x) },
        Layer("UpSample, bilinear") { x, _ in UpSample(3, .bilinear)(x) },
        Layer("DownSample, average") { x, _ in DownSample(2)(x) },
        Layer("DownSample, maximum") { x, _ in DownSample(2, .maximum)(x) },
        Layer("BinomialUpSample") { x, _ in BinomialUpSample((2, 1))(x) },
        Layer("BinomialDownSample") { x, _ in BinomialDownSample()(x) },
        Layer("Reshape") { x, _ in Reshape(4, 32)(x) },
        Layer("Flatten") { x, _ in Flatten()(x) },
      ]
      + ([.identity, .relu, .leakyReLU(0.2), .elu, .gelu, .silu, .softplus, .tanh, .sigmoid] as [Activation]).map {
        activation in Layer("Activation.\(activation)", [5, 6]) { x, _ in activation(x) }
      }

    @Test(arguments: layers) func aTrainingPassAgrees(layer: Layer) throws {
      let runs = try [Device.cpu, .pretended].map { device -> (outcome: Outcome, buffers: [Tensor]) in
        let state = StateDict(random: RandomGenerator(seed: 2), dtype: .float64, device: device)
        let function = layer.make(state.root)
        // Parameters are leaves of the layer's own, so their gradients come as values.
        let outcome = try Outcome(of: layer.inputs(), on: device) { inputs in
          let output = function(inputs, .training(RandomStream(seed: 3)))
          guard !state.parameters.isEmpty else { return [output] }
          let found = gradients(of: output.squared().sum(), with: state.parameters, createGraph: true)
          return [output] + found.compactMap { $0 }
        }
        #expect(outcome.values.count == 1 + state.parameters.count)
        return (outcome, state.buffers.map { $0.to(.cpu) })
      }
      runs[1].outcome.expectEqual(to: runs[0].outcome, 1e-10)
      for (device, host) in zip(runs[1].buffers, runs[0].buffers) { #expect(device.deviation(from: host) < 1e-12) }
    }

    /// GPUs take more operators in low precision than the host does; the largest singular value is none of them.
    @Test func spectralNormIsTheSameUnderAutocast() throws {
      let device = try Device.pretended
      let state = StateDict(random: RandomGenerator(seed: 2), device: device)
      let layer = SpectralNorm(Linear(state.root, 30, 40))
      let plain = layer.weight(.inference)
      let cast = withAutocast(.bfloat16, on: device) { layer.weight(.inference) }
      #expect(cast.to(.cpu).isIdentical(to: plain.to(.cpu)))
    }

    @Test func theMixtureAgrees() throws {
      let points = draws([40, 2], .float64, seed: 1)
      let latents = Latents(draws([40, 3], .float32, seed: 2))
      let runs = try [Device.cpu, .pretended].map { device -> [Tensor] in
        let mixture = GaussianMixture(components: 3, device: device)
        withoutGradient { mixture.means.copy(from: draws([3, 2], .float64, seed: 3)) }
        let (moved, input) = (points.to(device), Batch(count: 40).with(.latents, Latents(latents.tensor.to(device))))
        return try withoutReads {
          try withTorchErrors {
            try withoutGradient {
              let (moments, likelihood) = mixture.expectation(moved)
              let next = mixture.maximisation(moments, floor: 1e-3)
              let output = try #require(mixture(input, .inference).column(.images)?.tensor)
              return next + [likelihood, output]
            }
          }
        }.map { $0.to(.cpu) }
      }
      for (device, host) in zip(runs[1], runs[0]) { #expect(device.deviation(from: host) < 1e-12) }
    }

    /// Nobody checks a factorisation on the host, so its failure must show in what is computed with it.
    @Test(arguments: [Device.cpu, try? .pretended].compactMap { $0 })
    func aCovarianceThatIsNoneMakesNoNumbers(device: Device) throws {
      let mixture = GaussianMixture(components: 2, device: device)
      let likelihood = withoutGradient { () -> Tensor in
        mixture.covariances[1].copy(from: Tensor([1, 2, 2, 1] as [Double], shape: [2, 2]).to(device))
        return mixture.expectation(Tensor.ones([4, 2], dtype: .float64, device: device)).logLikelihood
      }
      #expect(likelihood.item.isNaN)
    }
  }
}
