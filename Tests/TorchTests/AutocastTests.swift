import Testing
import Torch

@Suite struct AutocastTests {
  /// The operators that layers are made of; others are not covered and would quietly stay in float32.
  @Test func linearAndBothConvolutionsRunInBfloat16() {
    let x = Tensor.ones([1, 2, 4, 4])
    withAutocast(.bfloat16, on: .cpu) {
      #expect(Tensor.ones([1, 4]).linear(.ones([3, 4]), .zeros([3])).dtype == .bfloat16)
      #expect(x.conv2d(.ones([3, 2, 3, 3]), nil, stride: [1, 1], padding: [0, 0], size: [2, 2]).dtype == .bfloat16)
      #expect(
        x.convTranspose2d(.ones([2, 3, 3, 3]), nil, stride: [1, 1], padding: [0, 0], size: [6, 6]).dtype
          == .bfloat16)
    }
    #expect(x.conv2d(.ones([3, 2, 3, 3]), nil, stride: [1, 1], padding: [0, 0], size: [2, 2]).dtype == .float32)
  }

  @Test func gradientsOfFloat32WeightsAreFloat32() {
    let weight = Tensor.ones([2, 4]).requiringGradient()
    let y = withAutocast(.bfloat16, on: .cpu) { Tensor.ones([1, 4]).linear(weight, nil) }
    #expect(gradients(of: y.to(.float32).sum(), with: [weight])[0]?.dtype == .float32)
  }

  /// libtorch remembers a weight's cast; an update in place between two scopes must be seen.
  @Test func aScopeForgetsCastWeights() {
    let weight = Tensor.ones([1, 4]).requiringGradient()
    for value in [1.0, 2, 3] {
      withoutGradient { weight.fill(value) }
      let y = withAutocast(.bfloat16, on: .cpu) { Tensor.ones([1, 4]).linear(weight, nil) }
      #expect(y.item == 4 * value)
    }
  }

  @Test func scopesNestAndRestore() {
    let (x, weight) = (Tensor.ones([1, 4]), Tensor.ones([1, 4]))
    withAutocast(.bfloat16, on: .cpu) {
      withAutocast(nil, on: .cpu) { #expect(x.linear(weight, nil).dtype == .bfloat16) }
      withAutocast(.float16, on: .cpu) { #expect(x.linear(weight, nil).dtype == .float16) }
      #expect(x.linear(weight, nil).dtype == .bfloat16)
    }
    #expect(throws: CancellationError.self) { try withAutocast(.bfloat16, on: .cpu) { throw CancellationError() } }
    #expect(x.linear(weight, nil).dtype == .float32)
  }
}
