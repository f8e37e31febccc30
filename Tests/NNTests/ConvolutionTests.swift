import NN
import TestFixtures
import Testing
import Torch

@Suite struct ConvolutionTests {
  @Test(arguments: try fixture("convolution").cases("linear")) func linear(name: String) throws {
    let expected = try fixture("convolution")[name]
    let state = doubles()
    let layer = Linear(
      state.root, try expected.whole("in"), try expected.whole("out"), bias: try expected.truth("has_bias"))
    try hold({ layer($0) }, state, against: expected)
  }

  @Test(arguments: try fixture("convolution").cases("conv2d"), [MemoryFormat.contiguous, .channelsLast])
  func convolution(name: String, format: MemoryFormat) throws {
    let expected = try fixture("convolution")[name]
    let (shape, state, groups) = (try expected["weight"].shape, doubles(), try expected.whole("groups"))
    let padding = try expected.pair("padding")
    let layer = Conv2d(
      state.root, shape[1] * groups, shape[0], kernel: (shape[2], shape[3]), stride: try expected.pair("stride"),
      padding: .symmetric(padding.0, padding.1), groups: groups, bias: try expected.truth("has_bias"))
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  @Test(arguments: try fixture("convolution").cases("conv_transpose2d"), [MemoryFormat.contiguous, .channelsLast])
  func transposedConvolution(name: String, format: MemoryFormat) throws {
    let expected = try fixture("convolution")[name]
    let (shape, state, groups) = (try expected["weight"].shape, doubles(), try expected.whole("groups"))
    let padding = try expected.pair("padding")
    let layer = ConvTranspose2d(
      state.root, shape[0], shape[1] * groups, kernel: (shape[2], shape[3]), stride: try expected.pair("stride"),
      padding: .symmetric(padding.0, padding.1), outputPadding: try expected.pair("output_padding"), groups: groups,
      bias: try expected.truth("has_bias"))
    try hold({ layer($0) }, state, against: expected, format: format)
  }

  @Test func weightsLieInTheOrderInWhichConvolutionsReadThem() {
    let state = doubles()
    _ = Conv2d(state.root, 3, 8, kernel: 4)
    #expect(state["weight"]?.permuted(2, 3, 1, 0).isContiguous() == true)
    #expect(state["weight"]?.isContiguous() == false)
  }
}
