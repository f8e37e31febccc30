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
    let clipped = try given()
    let norm = GradientClipping.clipNorm(clipped, limit: try expected.number("max_norm"))
    #expect(Tensor(norm, dtype: .float64).deviation(from: try expected["total_norm"]) < 1e-14)
    #expect(clipped[0].deviation(from: try expected["weight"]) < 1e-14)
    #expect(clipped[1].deviation(from: try expected["bias"]) < 1e-14)
  }

  @Test(arguments: try fixture("clipping").cases("value")) func value(name: String) throws {
    let expected = try fixture("clipping")[name]
    let clipped = try given()
    GradientClipping.clipValue(clipped, limit: try expected.number("clip_value"))
    #expect(clipped[0].isIdentical(to: try expected["weight"]))
    #expect(clipped[1].isIdentical(to: try expected["bias"]))
  }

  @Test func aNormThatIsNotFiniteIsReportedAndLeavesTheGradientsAlone() {
    let slopes = [Tensor([1.0, .infinity]), Tensor([2.0])]
    #expect(GradientClipping.clipNorm(slopes, limit: 1) == .infinity)
    #expect(slopes[1].item == 2)
    #expect(GradientClipping.clipNorm([], limit: 1) == 0)
  }
}
