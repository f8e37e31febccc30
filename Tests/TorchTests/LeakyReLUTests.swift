import TestFixtures
import Testing
import Torch

/// The own kernel gives what libtorch's gives, to the bit.
@Suite struct LeakyReLUTests {
  private static let theirs = Operation("aten::leaky_relu")
  private static let theirRelu = Operation("aten::relu")

  /// More elements than one thread takes, with zeros and infinities of both signs.
  private func draws(_ dtype: DType) -> Tensor {
    let draws = Tensor.empty([1_000, 101])
    draws.fillNormal(using: RandomGenerator(seed: 1))
    let special = Tensor(
      [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude] as [Float])
    return Tensor.concatenated([draws.reshaped(-1), special]).to(dtype)
  }

  @Test(arguments: [DType.float64, .float32, .bfloat16, .float16], [0.2, 1, 0, -0.5])
  func isLibtorchsToTheBit(dtype: DType, slope: Double) throws {
    let x = draws(dtype).requiringGradient()
    let mine = x.leakyReLU(slope)
    let other = slope == 0 ? Self.theirRelu(.tensor(x)) : Self.theirs(.tensor(x), .double(slope))
    #expect(mine.isIdentical(to: other))
    let back = Tensor.range(x.count, dtype: .float32).to(dtype) - 500
    let found = [mine, other].map { gradients(of: [$0], weights: [back], with: [x])[0] }
    #expect(try #require(found[0]).isIdentical(to: try #require(found[1])))
  }

  @Test(arguments: [DType.float32, .bfloat16], [0.2, 0]) func whatIsNoNumberStaysNone(dtype: DType, slope: Double) {
    let y = Tensor([Float.nan, 1]).to(dtype).leakyReLU(slope).array(of: Float.self)
    #expect(y[0].isNaN && y[1] == 1)
  }

  /// Backward reads the output, so the input may be overwritten: what went in may be overwritten.
  @Test func theInputIsNotKept() throws {
    let x = Tensor([-1.0, 2]).requiringGradient()
    let input = x * 1
    let y = input.leakyReLU(0.5)
    withoutGradient { input.fill(0) }
    #expect(try #require(gradients(of: y.sum(), with: [x])[0]).array(of: Double.self) == [0.5, 1])
  }

  @Test func orderInMemoryStays() {
    let x = Tensor.ones([2, 3, 4, 5]).contiguous(.channelsLast)
    #expect(x.leakyReLU(0.2).strides == x.strides)
    #expect(Tensor.ones([1, 3]).expanded([5, 3]).relu().array(of: Float.self) == Array(repeating: 1, count: 15))
    #expect(Tensor.empty([0, 4]).relu().shape == [0, 4])
  }
}
