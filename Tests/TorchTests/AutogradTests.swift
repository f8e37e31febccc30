import Testing
import Torch

@Suite struct AutogradTests {
  @Test func gradientsAreValues() {
    let x = Tensor([1.0, 2, 3]).requiringGradient()
    let g = gradients(of: x.pow(3).sum(), with: [x])
    #expect(g[0]?.array(of: Double.self) == [3, 12, 27])
    #expect(x.gradient == nil)
  }

  @Test func gradientsOfGradients() throws {
    let x = Tensor([2.0, 3]).requiringGradient()
    let first = try #require(gradients(of: x.pow(3).sum(), with: [x], createGraph: true)[0])
    #expect(gradients(of: first.sum(), with: [x])[0]?.array(of: Double.self) == [12, 18])
  }

  @Test func anInputThatWasNotUsedHasNoGradient() {
    let (x, y) = (Tensor([1.0]).requiringGradient(), Tensor([1.0]).requiringGradient())
    #expect(gradients(of: (x * 2).sum(), with: [x, y])[1] == nil)
  }

  @Test func withoutGradientRecordsNothing() {
    let x = Tensor([1.0]).requiringGradient()
    #expect(!withoutGradient { (x * 2).requiresGradient })
    #expect((x * 2).requiresGradient)
  }

  @Test func autocastComputesInBfloat16AndForgetsCastWeights() {
    let weight = Tensor.ones([4, 4]).requiringGradient()
    let x = Tensor.ones([2, 4])
    let before = withAutocast(.bfloat16) { x.linear(weight, nil) }
    #expect(before.dtype == .bfloat16)
    withoutGradient { weight.fill(2) }
    let after = withAutocast(.bfloat16) { x.linear(weight, nil) }
    #expect(after.array(of: Float.self).allSatisfy { $0 == 8 })
    #expect(x.linear(weight, nil).dtype == .float32)
  }
}
