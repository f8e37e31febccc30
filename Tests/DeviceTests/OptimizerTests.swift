import NN
import PretendedGPU
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// Steps of optimizers on the pretended GPU are those of the host, and nobody looks at what they move by.
  @Suite struct Optimizers {
    /// A name, and an optimizer of parameters.
    struct Case: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let make: @Sendable ([Tensor]) -> any Optimizer

      init(_ name: String, _ make: @escaping @Sendable ([Tensor]) -> any Optimizer) {
        (testDescription, self.make) = (name, make)
      }
    }

    static let cases = [
      Case("Adam") { Adam($0, learningRate: 0.01, betas: (0.5, 0.99)) },
      Case("Adam with decay, lazy") {
        let adam = Adam($0, learningRate: 0.01, weightDecay: 0.1)
        adam.lazyFactor = 0.8
        return adam
      },
      Case("AdamW") { Adam($0, learningRate: 0.01, weightDecay: 0.1, decoupled: true) },
      Case("SGD") { SGD($0, learningRate: 0.1, weightDecay: 0.1) },
      Case("SGD with Nesterov's momentum") { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true) },
      Case("SGD, dampened") { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.1) },
      Case("RMSProp") { RMSProp($0, learningRate: 0.01, weightDecay: 0.1) },
      Case("RMSProp with momentum") { RMSProp($0, learningRate: 0.01, momentum: 0.9) },
    ]

    /// Everything after steps with a rate that changes; in the third a flag is up, and one parameter has no gradient in the
    /// second.
    private func played(_ optimizer: Case, _ dtype: DType, on device: Device) throws -> [Tensor] {
      let maps = draws([3, 4, 5, 5], dtype, seed: 1).contiguous(.channelsLast)
      let parameters = [maps, draws([7], dtype, seed: 2)].map { $0.to(device).requiringGradient() }
      let optimizer = optimizer.make(parameters)
      let average = WeightAverage(parameters.map { $0.detached().clone() }, decay: 0.75)
      let flag = StopFlag(on: device)
      let slopes = (0..<5).map { step in
        [draws([3, 4, 5, 5], dtype, seed: UInt64(10 + step)), draws([7], dtype, seed: UInt64(20 + step))]
          .map { $0.to(device) }
      }
      try withoutReads {
        try withTorchErrors {
          for (step, slopes) in slopes.enumerated() {
            // A power of two, since CUDA's fused SGD reads the rate in float32.
            optimizer.learningRate = 1 / Double(32 << step)
            let norms = slopes.norms()
            flag.raise(unlessFinite: step == 2 ? norms.sum() * Double.nan : norms.sum())
            let clipped = GradientClipping.byNorm(slopes, limit: 1, norm: norms.norm())
            optimizer.step([clipped[0], step == 1 ? nil : clipped[1]], averaging: average, unless: flag)
            if step == 2 { flag.lower() }
          }
        }
      }
      return (parameters.map { $0.detached() } + optimizer.memory.map(\.tensor) + average.tensors).map { $0.to(.cpu) }
    }

    @Test(arguments: cases, [DType.float64, .float32]) func stepsAreTheHosts(optimizer: Case, dtype: DType) throws {
      let (host, device) = (
        try played(optimizer, dtype, on: .cpu), try played(optimizer, dtype, on: .pretended)
      )
      #expect(host.count == device.count)
      for (one, other) in zip(host, device) {
        #expect(one.dtype == other.dtype && other.deviation(from: one) <= (dtype == .float64 ? 1e-13 : 1e-5))
      }
    }

    /// L-BFGS decides on the host; it works on a device all the same.
    @Test func optimizersThatAskForTheLossAgainDecideOnTheHost() throws {
      let minima = try [Device.cpu, .pretended].map { device -> [Double] in
        let x = draws([4], .float64, seed: 1).to(device).requiringGradient()
        let target = draws([4], .float64, seed: 2).to(device)
        let optimizer = LBFGS([x], iterations: 10)
        optimizer.step {
          let loss = (x - target).squared().sum()
          return (loss.item, gradients(of: loss, with: [x]))
        }
        return (x - target).array(of: Double.self)
      }
      #expect(minima[0] == minima[1] && minima[0].allSatisfy { abs($0) < 1e-6 })
    }
  }
}
