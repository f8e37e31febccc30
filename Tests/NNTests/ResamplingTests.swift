import NN
import TestFixtures
import Testing
import Torch

@Suite struct ResamplingTests {
  @Test(arguments: try fixture("resampling").cases(), [MemoryFormat.contiguous, .channelsLast])
  func agreesWithPyTorch(name: String, format: MemoryFormat) throws {
    let expected = try fixture("resampling")[name]
    let layer: (Tensor) -> Tensor
    switch name {
    case "upsample.nearest":
      let up = UpSample(try expected.whole("scale"))
      layer = { up($0) }
    case "upsample.bilinear":
      let up = UpSample(try expected.whole("scale"), .bilinear)
      layer = { up($0) }
    case "upsample.bilinear_to_size":
      let size = try expected.pair("size")
      layer = { $0.upsampledBilinear([size.0, size.1]) }
    case "average_pool.2":
      let down = DownSample(try expected.whole("kernel"))
      layer = { down($0) }
    case "max_pool.2":
      let down = DownSample(try expected.whole("kernel"), .maximum)
      layer = { down($0) }
    case "pixel_shuffle":
      let factor = try expected.whole("factor")
      layer = { $0.pixelShuffled(factor) }
    case "reflect.one":
      let padding = ReflectionPadding(try expected.whole("rows"))
      layer = { padding($0) }
    case "reflect.unequal":
      let padding = ReflectionPadding(try expected.whole("rows"), try expected.whole("columns"))
      layer = { padding($0) }
    default: throw UnknownCase(name: name)
    }
    try hold(layer, doubles(), against: expected, format: format)
  }
}
