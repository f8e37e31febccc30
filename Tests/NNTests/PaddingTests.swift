import NN
import TestFixtures
import Testing
import Torch

/// TensorFlow's "same" padding, against Keras.
@Suite struct PaddingTests {
  @Test(arguments: try fixture("same_padding").cases("conv2d"), [MemoryFormat.contiguous, .channelsLast])
  func convolution(name: String, format: MemoryFormat) throws {
    let expected = try fixture("same_padding")[name]
    let (shape, state) = (try expected["weight"].shape, doubles())
    let layer = Conv2d(
      state.root, shape[1], shape[0], kernel: try expected.pair("kernel"), stride: try expected.pair("stride"),
      padding: .same)
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  @Test(arguments: try fixture("same_padding").cases("conv_transpose2d"), [MemoryFormat.contiguous, .channelsLast])
  func transposedConvolution(name: String, format: MemoryFormat) throws {
    let expected = try fixture("same_padding")[name]
    let (shape, state) = (try expected["weight"].shape, doubles())
    let layer = ConvTranspose2d(
      state.root, shape[0], shape[1], kernel: try expected.pair("kernel"), stride: try expected.pair("stride"),
      padding: .same)
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  /// A window narrower than the stride leaves rows that no input reaches; the transpose must make them too.
  @Test(arguments: [1, 2], [3, 4]) func aTransposedConvolutionIsTheTransposeOfItsConvolution(kernel: Int, stride: Int) {
    let (state, random) = (doubles(), RandomGenerator(seed: 3))
    let down = Conv2d(state.root / "down", 2, 3, kernel: kernel, stride: stride, padding: .same, bias: false)
    let up = ConvTranspose2d(state.root / "up", 3, 2, kernel: kernel, stride: stride, padding: .same, bias: false)
    let x = Tensor.empty([1, 2, 3 * stride, 2 * stride], dtype: .float64)
    let y = Tensor.empty([1, 3, 3, 2], dtype: .float64)
    x.fillNormal(using: random)
    y.fillNormal(using: random)
    let raised = up(y, weight: down.weight)
    #expect(raised.shape == x.shape)
    // <A x, y> = <x, Aᵀ y>.
    #expect((x * raised).sum().deviation(from: (down(x) * y).sum()) < 1e-13)
  }
}
