import Datasets
import Metrics
import Testing
import Torch

@Suite struct PixelFeaturesTests {
  @Test func smallPicturesAreTakenAsTheyAre() throws {
    let pictures = waves([3, 1, 28, 28])
    let pixels = PixelFeatures(SampleShape(channels: 1, height: 28, width: 28))
    #expect(try pixels(pictures).values.isIdentical(to: pictures.flattened()))
    #expect(try pixels(pictures).logits == nil && pixels.resize == "none")
  }

  @Test(arguments: [
    (SampleShape(channels: 3, height: 32, width: 32), "18x18"),
    (SampleShape(channels: 1, height: 64, width: 64), "32x32"),
    (SampleShape(channels: 1, height: 40, width: 30), "27x36"),
    (SampleShape(channels: 3, height: 1, width: 5000), "341x1"),
    (SampleShape(channels: 3, height: 64, width: 128), "26x13"),
  ])
  func largeOnesAreBroughtDown(shape: SampleShape, size: String) throws {
    let pixels = PixelFeatures(shape)
    let features = try pixels(waves([2, shape.channels, shape.height, shape.width])).values
    let sides = size.split(separator: "x").compactMap { Int($0) }
    #expect(features.shape == [2, shape.channels * sides[0] * sides[1]] && features.size(1) <= PixelFeatures.limit)
    #expect(pixels.resize == "area means to \(size)")
  }

  @Test func areasAreMeans() throws {
    let pictures = waves([1, 1, 64, 64])
    let features = try PixelFeatures(SampleShape(channels: 1, height: 64, width: 64))(pictures).values
    let values = pictures.array(of: Float.self)
    let mean = (values[0] + values[1] + values[64] + values[65]) / 4
    #expect(abs(features.array(of: Float.self)[0] - mean) < 1e-6)
  }

  @Test func otherShapesAreRefused() {
    let pixels = PixelFeatures(SampleShape(channels: 1, height: 28, width: 28))
    #expect(throws: MetricError.self) { try pixels(waves([2, 1, 28, 27])) }
    #expect(throws: MetricError.self) { try PlaneFeatures()(waves([2, 1, 28, 28])) }
  }

  @Test func pointsAreTheirCoordinates() throws {
    let points = waves([5, 2, 1, 1])
    #expect(try PlaneFeatures()(points).values.isIdentical(to: points.reshaped(5, 2)))
  }
}
