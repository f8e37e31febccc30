import NN
import TestFixtures
import Testing
import Torch

@Suite struct GradientClippingTests {
  private func given() throws -> [Tensor] {
    let given = try fixture("clipping")["gradients"]
    return [try given["weight"], try given["bias"]]
  }

  @Test(arguments: try fixture("clipping").cases("norm")) func norm(name: String) throws {
    let expected = try fixture("clipping")[name]
    let limit = try expected.number("max_norm")
    let gradients = try given()
    let norm = gradients.totalNorm()
    #expect(norm.deviation(from: try expected["total_norm"]) < 1e-14)
    for clipped in [
      GradientClipping.byNorm(gradients, limit: limit), GradientClipping.byNorm(gradients, limit: limit, norm: norm),
    ] {
      #expect(clipped[0].deviation(from: try expected["weight"]) < 1e-14)
      #expect(clipped[1].deviation(from: try expected["bias"]) < 1e-14)
    }
  }

  @Test(arguments: try fixture("clipping").cases("value")) func value(name: String) throws {
    let expected = try fixture("clipping")[name]
    let clipped = GradientClipping.byValue(try given(), limit: try expected.number("clip_value"))
    #expect(clipped[0].isIdentical(to: try expected["weight"]))
    #expect(clipped[1].isIdentical(to: try expected["bias"]))
  }

  @Test func aNormThatIsNotFiniteLeavesTheGradientsAlone() {
    let slopes = [Tensor([1.0, .infinity]), Tensor([2.0])]
    let clipped = GradientClipping.byNorm(slopes, limit: 1)
    #expect(zip(clipped, slopes).allSatisfy { $0.isIdentical(to: $1) })
    let wild = GradientClipping.byNorm([Tensor([1.0, .nan])], limit: 1)[0].array(of: Double.self)
    #expect(wild[0] == 1 && wild[1].isNaN)
    #expect(GradientClipping.byNorm([], limit: 1).isEmpty && GradientClipping.byValue([], limit: 1).isEmpty)
  }

  /// Two biases that are added get one gradient, and a sum repeats one number: nothing is changed twice.
  @Test func oneGradientOfTwoParametersIsClippedOnce() throws {
    let biases = (0..<2).map { _ in Tensor.zeros([3]).requiringGradient() }
    let gradients = try gradients(of: ((biases[0] + biases[1]) * 4).sum(), with: biases).map { try #require($0) }
    let repeated = try #require(Torch.gradients(of: biases[0].sum(), with: [biases[0]])[0])
    #expect(gradients[0].isSame(as: gradients[1]) && repeated.strides == [0])
    let byNorm = GradientClipping.byNorm(gradients + [repeated], limit: 1)
    #expect(abs(byNorm.totalNorm().item - 1) < 1e-6)
    #expect(byNorm[0].array(of: Float.self) == byNorm[1].array(of: Float.self))
    #expect(GradientClipping.byValue([repeated], limit: 0.5)[0].array(of: Float.self) == [0.5, 0.5, 0.5])
    #expect(gradients[0].array(of: Float.self) == [4, 4, 4])
  }
}
