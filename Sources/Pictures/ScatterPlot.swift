/// A plot of points in the plane: the data faint in the background, the generated points in front.
public enum ScatterPlot {
  /// A point in the plane.
  public typealias Point = SIMD2<Float>

  private static let background = SIMD3<Float>(250, 250, 248)
  private static let dataColor = SIMD3<Float>(172, 178, 188)
  private static let generatedColor = SIMD3<Float>(217, 72, 15)

  /// A square colour picture of [-1.1, 1.1]², x to the right and y upwards. Points outside are drawn at the border, so
  /// that outliers are seen; points that are not finite are left out.
  ///
  /// - Parameters:
  ///   - data: Points of the data set.
  ///   - generated: Points of the generator.
  ///   - side: Pixels in a row and in a column.
  public static func picture(data: [Point], generated: [Point], side: Int = 800) -> Picture {
    var canvas = [SIMD3<Float>](repeating: background, count: side * side)
    let radius = Float(side) / 260
    for point in data { draw(point, in: dataColor, opacity: 0.45, radius: radius, on: &canvas, side: side) }
    for point in generated { draw(point, in: generatedColor, opacity: 0.75, radius: radius, on: &canvas, side: side) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(canvas.count * 3)
    for color in canvas {
      for channel in 0..<3 { pixels.append(UInt8(min(max(color[channel].rounded(), 0), 255))) }
    }
    return Picture(checkedWidth: side, height: side, channels: 3, pixels: pixels)
  }

  /// Blends a disc with an edge one pixel soft over the canvas.
  private static func draw(
    _ point: Point, in color: SIMD3<Float>, opacity: Float, radius: Float, on canvas: inout [SIMD3<Float>], side: Int
  ) {
    guard point.x.isFinite, point.y.isFinite else { return }
    let place = point.clamped(lowerBound: Point(repeating: -1.1), upperBound: Point(repeating: 1.1))
    let x = (place.x + 1.1) / 2.2 * Float(side - 1)
    let y = (1.1 - place.y) / 2.2 * Float(side - 1)
    let reach = radius + 1
    let columns = max(0, Int(x - reach))...min(side - 1, Int(x + reach) + 1)
    for row in max(0, Int(y - reach))...min(side - 1, Int(y + reach) + 1) {
      for column in columns {
        let (dx, dy) = (Float(column) - x, Float(row) - y)
        let cover = min(max(radius + 0.5 - (dx * dx + dy * dy).squareRoot(), 0), 1)
        let index = row * side + column
        canvas[index] += (color - canvas[index]) * (cover * opacity)
      }
    }
  }
}
