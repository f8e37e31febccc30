import NN
import Testing
import Torch

@Suite struct ReshapeTests {
  /// A convolution's outputs lie channels last; their order as features is that of the channels-first shape.
  @Test(arguments: [MemoryFormat.contiguous, .channelsLast]) func flattenKeepsTheOrderOfTheShape(format: MemoryFormat) {
    let x = Tensor.range(24, dtype: .float64).reshaped(1, 2, 3, 4).contiguous(format)
    #expect(Flatten()(x).array(of: Int.self) == Array(0..<24))
    #expect(Reshape(2, 3, 4)(Flatten()(x)).isIdentical(to: x))
  }
}
