import NN
import TestFixtures
import Testing
import Torch

@Suite struct InitializerTests {
  /// Enough draws for the moments: the parameter of the case, drawn eight times.
  private func draws(_ initializer: Initializer, _ shape: [Int]) -> [Tensor] {
    let state = doubles()
    return (0..<8).map { (state.root / $0).parameter("weight", shape: shape, initializer).detached() }
  }

  @Test(arguments: try ["glorot", "he"].flatMap { try fixture("initializer").cases($0) })
  func fansGiveTheDeviation(name: String) throws {
    let expected = try fixture("initializer")[name]
    let initializer: Initializer =
      switch name.prefix(while: { $0 != "." }) {
      case "glorot_uniform": .glorotUniform
      case "glorot_normal": .glorotNormal
      case "he_uniform": .heUniform()
      case "he_normal": .heNormal()
      default: throw UnknownCase(name: name)
      }
    let shape = try expected.numbers("shape").map { Int($0) }
    let all = Tensor.stacked(draws(initializer, shape).map { $0.flattened() })
    #expect(all.shape.reduce(1, *) == 8 * shape.reduce(1, *))
    let deviation = try expected["standard_deviation"].item
    #expect(abs(all.mean().item) < 0.03 * deviation)
    #expect(abs(all.squared().mean().item.squareRoot() / deviation - 1) < 0.02)
    if expected.has("bound") {
      let bound = try expected["bound"].item
      #expect(all.abs().max().item <= bound * (1 + 1e-6))
      #expect(all.abs().max().item > 0.99 * bound)
    } else {
      // A normal law, not a uniform one, of this deviation: its fourth moment is 3 σ⁴ (1.8 σ⁴ for the uniform).
      #expect(abs(all.pow(4).mean().item / (deviation * deviation * deviation * deviation) - 3) < 0.2)
    }
  }

  @Test(arguments: try fixture("initializer").cases("truncated_normal")) func truncatedNormal(name: String) throws {
    let expected = try fixture("initializer")[name]
    let initializer = Initializer.truncatedNormal(
      mean: try expected.number("mean"), deviation: try expected.number("parameter_deviation"))
    let all = Tensor.stacked(draws(initializer, [100, 500]))
    let (bound, deviation) = (try expected["bound"].item, try expected["standard_deviation"].item)
    #expect(all.abs().max().item <= bound * (1 + 1e-6))
    #expect(all.abs().max().item > 0.99 * bound)
    #expect(abs(all.mean().item) < 0.01 * deviation)
    #expect(abs(all.squared().mean().item.squareRoot() / deviation - 1) < 0.01)
  }

  @Test(arguments: try fixture("initializer").cases("orthogonal")) func orthogonal(name: String) throws {
    let expected = try fixture("initializer")[name]
    let shape = try expected.numbers("shape").map { Int($0) }
    for draw in draws(.orthogonal(gain: try expected.number("gain")), shape) {
      let matrix = draw.flattened()
      let product =
        try expected.text("orthogonal") == "rows"
        ? matrix.matrixMultiplied(by: matrix.transposed()) : matrix.transposed().matrixMultiplied(by: matrix)
      let size = product.size(0)
      #expect(size == min(shape[0], shape.dropFirst().reduce(1, *)))
      let diagonal = try expected["gram_diagonal"].item
      let wanted = Tensor((0..<size * size).map { $0 % (size + 1) == 0 ? diagonal : 0 }, shape: [size, size])
      // Drawn and factored in float32.
      #expect(product.deviation(from: wanted) < 1e-5)
    }
  }

  /// The first weight of a uniform law over rotations has mean zero only if the decomposition's signs are settled.
  @Test func orthogonalDrawsHaveNoPreferredSign() {
    let state = doubles()
    let first = (0..<400).map { (state.root / $0).parameter("w", shape: [2, 2], .orthogonal()).detached()[0][0].item }
    #expect(abs(first.reduce(0, +) / 400) < 0.15)
    #expect(first.contains { $0 > 0.5 } && first.contains { $0 < -0.5 })
  }

  @Test func constants() {
    let state = doubles()
    #expect(state.root.parameter("a", shape: [3], .zeros).array() == [0.0, 0, 0])
    #expect(state.root.parameter("b", shape: [3], .ones).array() == [1.0, 1, 1])
    #expect(state.root.parameter("c", shape: [2], .constant(0.25)).array() == [0.25, 0.25])
  }

  /// Same seed, same weights, in whichever precision and order in memory they are kept.
  @Test func drawsDependOnTheSeedAlone() throws {
    func weight(_ dtype: DType, seed: UInt64) throws -> Tensor {
      let state = StateDict(random: RandomGenerator(seed: seed), dtype: dtype)
      return state.root.parameter("w", shape: [4, 3, 5, 5], .normal()).detached()
    }
    #expect(try weight(.float64, seed: 1).to(.float32).isIdentical(to: try weight(.float32, seed: 1)))
    #expect(!(try weight(.float32, seed: 2).isIdentical(to: try weight(.float32, seed: 1))))
  }
}
