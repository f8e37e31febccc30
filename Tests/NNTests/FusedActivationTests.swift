import NN
import TestFixtures
import Testing
import Torch

private let aten = (norm: Operation("aten::batch_norm"), permute: Operation("aten::permute"))

/// How the elements of `[N, C, H, W]` lie in memory, from the slowest axis to the fastest.
private let orders = [[0, 1, 2, 3], [0, 2, 3, 1], [2, 3, 0, 1]]

private func laidOut(_ x: Tensor, _ order: [Int]) -> Tensor {
  let back = order.indices.map { axis in order.firstIndex(of: axis) ?? 0 }
  let stored = aten.permute(.tensor(x), .ints(order)).contiguous()
  return aten.permute(.tensor(stored), .ints(back))
}

private func normal(_ shape: [Int], mean: Double = 0, deviation: Double = 1, seed: UInt64, dtype: DType = .float64)
  -> Tensor
{
  let x = Tensor.empty(shape, dtype: dtype)
  x.fillNormal(mean: mean, deviation: deviation, using: RandomGenerator(seed: seed))
  return x
}

/// Batch norm and the activation after it, and dropout and the one before it, against libtorch's operators one by one.
@Suite struct FusedActivationTests {
  private let slopes: [(Activation, Double)] = [(.identity, 1), (.relu, 0), (.leakyReLU(0.3), 0.3)]

  private func plain(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ epsilon: Double, _ slope: Double) -> Tensor {
    aten.norm(
      .tensor(x), .optional(weight), .optional(bias), .none, .none, .bool(true), .double(0), .double(epsilon),
      .bool(false)
    ).leakyReLU(slope)
  }

  @Test(arguments: [[7, 5, 3, 2], [260, 17, 1, 1], [9, 70, 4, 4], [3, 1, 5, 5], [2, 4100, 1, 1]], orders)
  func batchNormWithItsActivation(shape: [Int], order: [Int]) throws {
    for (_, slope) in slopes {
      let x = laidOut(normal(shape, mean: 2, seed: 1), order).requiringGradient()
      let weight = normal([shape[1]], mean: 1, seed: 2).requiringGradient()
      let bias = normal([shape[1]], seed: 3).requiringGradient()
      let wanted = plain(x, weight, bias, 1e-3, slope)
      let (output, mean, variance) = x.batchNorm(weight: weight, bias: bias, epsilon: 1e-3, slope: slope)
      #expect(output.deviation(from: wanted) < 1e-12)
      #expect(mean.deviation(from: x.detached().mean(axes: [0, 2, 3])) < 1e-12)
      #expect(variance.deviation(from: x.detached().variance(axes: [0, 2, 3], correction: 0)) < 1e-12)
      // A gradient in another memory order than the maps.
      let arriving = normal(shape, seed: 4)
      let parameters = [x, weight, bias]
      let expected = gradients(of: [wanted], weights: [arriving], with: parameters)
      let got = gradients(of: [output], weights: [arriving], with: parameters)
      for (a, b) in zip(got, expected) { #expect(try #require(a).deviation(from: try #require(b)) < 1e-12) }
    }
  }

  @Test(arguments: [1.0, 0, 0.3]) func batchNormTwiceDifferentiated(slope: Double) throws {
    let x = normal([4, 3, 3, 2], seed: 1).requiringGradient()
    let weight = normal([3], mean: 1, seed: 2).requiringGradient()
    let bias = normal([3], seed: 3).requiringGradient()
    let parameters = [x, weight, bias]
    func second(_ output: Tensor) throws -> [Tensor?] {
      let first = gradients(of: output.pow(3).sum(), with: parameters, createGraph: true)
      let penalty = try first.map { try #require($0).squared().sum() }.reduce(Tensor(0, dtype: .float64), +)
      return gradients(of: penalty, with: parameters)
    }
    let expected = try second(plain(x, weight, bias, 1e-3, slope))
    let got = try second(x.batchNorm(weight: weight, bias: bias, epsilon: 1e-3, slope: slope).output)
    for (a, b) in zip(got, expected) { #expect(try #require(a).deviation(from: try #require(b)) < 1e-11) }
  }

  @Test func inferenceByRunningStatistics() throws {
    let x = normal([3, 5, 2, 2], seed: 1)
    let state = doubles()
    let layer = BatchNorm(state.root, 5)
    _ = layer(normal([8, 5, 4, 4], mean: 3, deviation: 2, seed: 2), .training(RandomStream(seed: 1)))
    for (activation, slope) in slopes {
      let wanted = layer(x, .inference).leakyReLU(slope)
      #expect(layer(x, .inference, then: activation).deviation(from: wanted) < 1e-13)
      // A pass that will be differentiated takes libtorch's operators.
      let leaf = x.clone().requiringGradient()
      let output = layer(leaf, .inference, then: activation)
      #expect(output.deviation(from: wanted) < 1e-13)
      #expect(gradients(of: output.sum(), with: [leaf])[0] != nil)
    }
    let curved = layer(x, .inference, then: .tanh)
    #expect(curved.isIdentical(to: layer(x, .inference).tanh()))
  }

  /// Sums of squares in float32 would lose everything here: the mean is 10,000 deviations from zero.
  @Test func aMeanMuchLargerThanTheDeviation() {
    let x = normal([300, 3, 4, 4], mean: 1000, deviation: 0.1, seed: 1, dtype: .float32)
    let wide = x.to(.float64)
    let (output, mean, variance) = x.batchNorm(weight: nil, bias: nil, epsilon: 1e-5)
    #expect(mean.deviation(from: wide.mean(axes: [0, 2, 3])) < 1e-7)
    #expect(variance.deviation(from: wide.variance(axes: [0, 2, 3], correction: 0)) < 1e-5)
    #expect(output.deviation(from: plain(wide, nil, nil, 1e-5, 1)) < 1e-3)
  }

  @Test(arguments: [[300, 70, 2, 2], [64, 40, 7, 7]]) func bfloat16MapsWithinRounding(shape: [Int]) throws {
    let random = RandomGenerator(seed: 1)
    let state = StateDict(random: random)
    let layer = BatchNorm(state.root, shape[1])
    let maps = laidOut(normal(shape, mean: 1, seed: 2, dtype: .float32).to(.bfloat16), [0, 2, 3, 1])
    let arriving = normal(shape, seed: 3, dtype: .float32).to(.bfloat16)
    let x = maps.requiringGradient()
    let wide = maps.detached().to(.float64).requiringGradient()
    let output = layer(x, .training(RandomStream(seed: 1)), then: .leakyReLU(0.3))
    let wanted = plain(wide, nil, nil, 1e-5, 0.3)
    #expect(output.dtype == .bfloat16)
    // Half a unit in the last of 8 bits.
    #expect((output.detached().to(.float64) - wanted.detached()).abs().max().item < 0.0157)
    let got = try #require(gradients(of: [output], weights: [arriving], with: [x])[0])
    let expected = try #require(gradients(of: [wanted], weights: [arriving.to(.float64)], with: [wide])[0])
    #expect(got.dtype == .bfloat16)
    #expect(got.deviation(from: expected) < 0.004)
  }

  @Test(arguments: [[300, 70, 2, 2], [4, 5000, 1, 1], [1000, 3, 1, 1]])
  func threadsDoNotChangeABit(shape: [Int]) throws {
    let former = Machine.threads
    defer { Machine.threads = former }
    let results = try [1, 2].map { threads -> [Tensor] in
      Machine.threads = threads
      let x = laidOut(normal(shape, seed: 1, dtype: .float32), [0, 2, 3, 1]).requiringGradient()
      let (output, mean, variance) = x.batchNorm(weight: nil, bias: nil, epsilon: 1e-5, slope: 0.2)
      let gradient = gradients(of: [output], weights: [output.detached().pow(3)], with: [x])[0]
      return [output, mean, variance, try #require(gradient)]
    }
    for (a, b) in zip(results[0], results[1]) { #expect(a.isIdentical(to: b)) }
  }

  @Test(arguments: orders, [1.0, 0.3, 0]) func dropoutAfterItsActivation(order: [Int], slope: Double) throws {
    let x = laidOut(normal([5, 3, 7, 2], seed: 1), order).requiringGradient()
    let y = Dropout(0.4)(x, .training(RandomStream(seed: 8)), after: .leakyReLU(slope))
    // The mask alone, from ones in the same memory order.
    let mask = Dropout(0.4)(
      laidOut(Tensor.ones([5, 3, 7, 2], dtype: .float64), order), .training(RandomStream(seed: 8)))
    let wanted = x.leakyReLU(slope) * mask
    #expect(y.deviation(from: wanted) < 1e-14)
    func first(_ output: Tensor) throws -> Tensor {
      let weighted = (output * normal([5, 3, 7, 2], seed: 2) + output.pow(3)).sum()
      return try #require(gradients(of: weighted, with: [x], createGraph: true)[0])
    }
    let (got, expected) = (try first(y), try first(wanted))
    #expect(got.deviation(from: expected) < 1e-13)
    let twice = try [got, expected].map { try #require(gradients(of: $0.squared().sum(), with: [x])[0]) }
    #expect(twice[0].deviation(from: twice[1]) < 1e-13)
  }

  /// A gradient must reach what is zero and was kept: weights that start at zero would learn nothing otherwise.
  @Test(arguments: [DType.bfloat16, .float32, .float64]) func zerosThatWereKeptPassTheirGradient(dtype: DType) throws {
    let x = Tensor.zeros([1000], dtype: dtype).requiringGradient()
    let y = Dropout(0.5)(x, .training(RandomStream(seed: 3)), after: .leakyReLU(0.5))
    let mask = Dropout(0.5)(Tensor.ones([1000], dtype: dtype), .training(RandomStream(seed: 3)))
    #expect(try #require(gradients(of: y.sum(), with: [x])[0]).isIdentical(to: mask * 0.5))
  }
}
