import NN
import TestFixtures
import Testing
import Torch

/// libtorch's own kernels, in one call for all parameters.
private let fusedAdam = Operation("aten::_fused_adam_")
private let fusedAdamW = Operation("aten::_fused_adamw_")
private let adam = Operation("gan::adam_")

@Suite(.serialized) struct AdamTests {
  /// Around the sizes at which the kernel's blocks and its threads' shares end.
  private static let shapes = [[3, 5], [], [0], [1023], [1], [2, 3, 5, 5], [70_001], [1024], [1025]]

  private func draws(_ dtype: DType, _ random: RandomGenerator, positive: Bool = false) -> [Tensor] {
    Self.shapes.map { shape in
      let tensor = Tensor.empty(shape, dtype: dtype)
      tensor.fillUniform(positive ? 0 : -1, 1, using: random)
      return shape.count == 4 ? tensor.contiguous(.channelsLast) : tensor
    }
  }

  @Test(arguments: [(DType.float64, 1e-14), (.float32, 1e-6)], [(0.0, false), (0.1, false), (0.1, true)])
  func manyParametersMoveAsWithLibtorch(type: (DType, Double), decay: (Double, Bool)) {
    let (former, random) = (Machine.threads, RandomGenerator(seed: 1))
    defer { Machine.threads = former }
    let start = draws(type.0, random)
    for threads in [1, 2, 3] {
      Machine.threads = threads
      let parameters = start.map { $0.clone() }
      let optimizer = Adam(
        parameters, learningRate: 0.01, betas: (0.5, 0.99), weightDecay: decay.0, decoupled: decay.1)
      let (theirs, means, squares) = (
        start.map { $0.clone() }, start.map { $0.zerosLike() }, start.map { $0.zerosLike() }
      )
      for step in 1...3 {
        let gradients = draws(type.0, random)
        optimizer.step(gradients)
        (decay.1 ? fusedAdamW : fusedAdam).all(
          .tensors(theirs), .tensors(gradients), .tensors(means), .tensors(squares), .tensors([]),
          .tensors(theirs.map { _ in Tensor(Double(step)).to(.float32) }), .double(0.01), .double(0.5), .double(0.99),
          .double(decay.0), .double(1e-8), .bool(false), .bool(false))
      }
      let memory = optimizer.memory.map(\.tensor)
      for (mine, other) in zip(parameters + memory, theirs + means + squares) where mine.count > 0 {
        #expect(mine.deviation(from: other) < type.1, "\(mine.summary) on \(threads) threads")
      }
    }
  }

  @Test func theAverageMovesWithEveryParameter() {
    let random = RandomGenerator(seed: 2)
    let parameters = draws(.float64, random)
    let (average, before) = (draws(.float64, random), draws(.float64, random))
    average.copy(from: before)
    let optimizer = Adam(parameters, learningRate: 0.01)
    // Every second parameter gets no gradient and stays.
    let gradients = draws(.float64, random).enumerated().map { $0 % 2 == 0 ? $1 : nil }
    optimizer.step(gradients, averaging: WeightAverage(average, decay: 0.9))
    for ((mean, old), parameter) in zip(zip(average, before), parameters) where mean.count > 0 {
      #expect(mean.deviation(from: old * 0.9 + parameter * 0.1) < 1e-15)
    }
  }

  /// As in a network whose gradients autograd made in lower precision.
  @Test func aGradientOfAnotherTypeIsTakenAsItIs() {
    let (a, b) = (Tensor([1, 2, 3] as [Float]), Tensor([1, 2, 3] as [Float]))
    let gradient = Tensor([0.5, -1, 2] as [Float])
    Adam([a], learningRate: 0.1).step([gradient.to(.bfloat16)])
    Adam([b], learningRate: 0.1).step([gradient])
    #expect(a.isIdentical(to: b))
  }

  @Test func autogradSeesThatAParameterHasMoved() throws {
    let weight = Tensor([1, 2] as [Float]).requiringGradient()
    let loss = (weight * weight).sum()
    Adam([weight], learningRate: 0.1).step([weight.detached().clone()])
    #expect(throws: TorchError.self) { try withTorchErrors { gradients(of: loss, with: [weight]) } }
  }

  @Test func momentsInAnotherOrderAreRefused() throws {
    let (parameter, other) = (Tensor.zeros([2, 3]), Tensor.zeros([3, 2]).transposed())
    let error = #expect(throws: TorchError.self) {
      try adam.invoke([
        .tensors([parameter]), .tensors([parameter]), .tensors([other]), .tensors([parameter]),
        .tensor(.zeros([1], dtype: .int64)), .tensor(Tensor(1)), .double(0), .double(0), .double(1), .double(0),
        .bool(false), .tensors([]), .none, .none,
      ])
    }
    #expect(error?.message.contains("the mean of a parameter must have its type, shape and strides") == true)
  }
}
