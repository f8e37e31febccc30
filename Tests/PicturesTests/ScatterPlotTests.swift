import Pictures
import Testing

@Suite struct ScatterPlotTests {
  private func color(_ picture: Picture, x: Int, y: Int) -> [UInt8] {
    Array(picture.pixels[((y * picture.width + x) * 3)...].prefix(3))
  }

  @Test func pointsLieWhereTheyBelongAndGeneratedOnesInFront() {
    // Sides of 221 pixels put a hundredth of the plane on each pixel.
    let picture = ScatterPlot.picture(data: [[0.5, 0.5], [0, 0]], generated: [[0, 0], [-0.5, 0.5]], side: 221)
    let paper = color(picture, x: 5, y: 5)
    let data = color(picture, x: 160, y: 60)
    let both = color(picture, x: 110, y: 110)
    let generated = color(picture, x: 60, y: 60)
    #expect(data != paper && generated != paper && both != data)
    #expect(generated[0] > generated[2] + 50, "generated points are red")
    #expect(both[0] > both[2] + 50, "and lie above the data")
    #expect(color(picture, x: 160, y: 160) == paper, "y goes upwards")
  }

  @Test func outliersAreAtTheBorderAndNothingElseIsDrawn() {
    let empty = ScatterPlot.picture(data: [], generated: [], side: 64)
    let notFinite = ScatterPlot.picture(
      data: [[.nan, 0], [.infinity, 0]], generated: [[0, -.infinity], [.nan, .nan]], side: 64)
    #expect(notFinite == empty)
    let far = ScatterPlot.picture(data: [], generated: [[1e30, -1e30]], side: 64)
    #expect(color(far, x: 63, y: 63) != color(empty, x: 63, y: 63))
  }
}
