import TestFixtures
import Testing
import Torch

@Suite struct NormTests {
  private static let theirs = Operation("aten::linalg_vector_norm")

  private static func draw(_ count: Int, _ dtype: DType, seed: UInt64) -> Tensor {
    let draw = Tensor.empty([count])
    draw.fillNormal(using: RandomGenerator(seed: seed))
    return draw.to(dtype)
  }

  /// Around the sizes of the stretches that are summed up by themselves, and with gaps in memory.
  @Test(arguments: [(DType.float64, 1e-13), (.float32, 1e-6), (.bfloat16, 8e-3)])
  func areThoseOfDoublePrecision(type: (DType, Double)) {
    let sizes = [1, 63, 64, 65, 16_383, 16_384, 16_385, 100_003]
    var tensors = sizes.map { Self.draw($0, type.0, seed: UInt64($0)) }
    tensors.append(Self.draw(600, type.0, seed: 1).reshaped(20, 30).slice(1, from: 3, count: 7))
    let wanted = tensors.map { Self.theirs(.tensor($0.to(.float64))).item }
    let found = tensors.norms()
    #expect(found.shape == [tensors.count] && found.dtype == type.0)
    #expect(found.deviation(from: Tensor(wanted)) < type.1)
  }

  @Test func anEmptyTensorHasNormZero() {
    #expect([Tensor.empty([0]), .ones([4])].norms().array(of: Double.self) == [0, 2])
  }

  @Test func whatIsNotFiniteShows() {
    let norms = [Float.infinity, .nan].map { Tensor([1, $0, 1]) }.norms().array(of: Float.self)
    #expect(norms.allSatisfy { !$0.isFinite })
  }

  @Test func squaresBeyondFloat32AreInfinite() {
    #expect([1e18, 1e30].map { Tensor([1, Float($0), 1]) }.norms().array(of: Float.self) == [1e18, .infinity])
  }

  @Test func noTensorsAreAnError() {
    #expect(throws: TorchError.self) { _ = try withTorchErrors { [Tensor]().norms() } }
  }

  @Test func haveDerivatives() throws {
    let x = Tensor([3.0, 4]).requiringGradient()
    let slope = gradients(of: [x, Tensor.ones([2])].norms().sum(), with: [x])[0]
    #expect(try #require(slope).deviation(from: Tensor([0.6, 0.8])) < 1e-6)
  }
}
