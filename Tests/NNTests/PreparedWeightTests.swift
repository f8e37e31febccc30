import NN
import Testing
import Torch

/// The kernels keep weights as they multiply with them: whoever moves a weight, the layer computes with what it is now.
@Suite struct PreparedWeightTests {
  private static let optimizers: [(name: String, make: @Sendable ([Tensor]) -> any Optimizer)] = [
    ("Adam", { Adam($0, learningRate: 0.1) }),
    ("AdamW", { Adam($0, learningRate: 0.1, weightDecay: 0.1, decoupled: true) }),
    ("SGD", { SGD($0, learningRate: 0.1) }),
    ("SGD with momentum", { SGD($0, learningRate: 0.1, momentum: 0.9) }),
    ("RMSProp", { RMSProp($0, learningRate: 0.1) }),
  ]

  private let x = Tensor.normalRows(count: 16, size: 32, seed: 1)

  private func layer(seed: UInt64) -> Linear {
    Linear(StateDict(random: RandomGenerator(seed: seed)).root, 32, 64, bias: false)
  }

  /// Whether `layer` computes with its weight's present elements after `body`, and they are others.
  private func seesWhat(_ layer: Linear, _ body: () throws -> Void) rethrows -> Bool {
    try withoutGradient {
      let before = layer(x, weight: layer.weight)
      try body()
      let after = layer(x, weight: layer.weight)
      return after.isIdentical(to: layer(x, weight: layer.weight.clone())) && !after.isIdentical(to: before)
    }
  }

  @Test(arguments: optimizers.indices, [false, true]) func stepsAreSeen(index: Int, isFlagged: Bool) {
    let optimizer = Self.optimizers[index]
    let (layer, mean) = (layer(seed: 1), layer(seed: 2))
    let own = optimizer.make([layer.weight])
    let average = WeightAverage([mean.weight.requiringGradient(false)], decay: 0.5)
    let flag = isFlagged ? StopFlag(on: .cpu) : nil
    for _ in 0..<2 {
      let gradient = layer.weight.detached() + 1
      var isSeenInTheMean = false
      let isSeen = seesWhat(layer) {
        isSeenInTheMean = seesWhat(mean) { own.step([gradient], averaging: average, unless: flag) }
      }
      #expect(isSeen && isSeenInTheMean, "\(optimizer.name)")
    }
  }

  @Test func stepsOfLBFGSAreSeen() throws {
    let layer = layer(seed: 1)
    let optimizer = LBFGS([layer.weight], learningRate: 0.1)
    let isSeen = seesWhat(layer) {
      optimizer.step {
        // Between its evaluations too.
        let y = layer(x, weight: layer.weight.detached())
        #expect(y.isIdentical(to: layer(x, weight: layer.weight.detached().clone())))
        return (layer.weight.squared().sum().item, [layer.weight.detached() * 2])
      }
    }
    #expect(isSeen)
  }

  @Test func loadedWeightsAreSeen() throws {
    let (layer, other) = (layer(seed: 1), StateDict(random: RandomGenerator(seed: 2)))
    let state = StateDict(random: RandomGenerator(seed: 3))
    let loaded = Linear(state.root, 32, 64, bias: false)
    _ = Linear(other.root, 32, 64, bias: false)
    let isSeen = try seesWhat(loaded) { try state.copy(from: other) }
    let isCopySeen = seesWhat(layer) {
      StopFlag(on: .cpu).copy([layer.weight.detached() * 2], over: [layer.weight])
    }
    #expect(isSeen && isCopySeen)
  }
}
