extension Sampler {
  /// Samples 0 ..< count as pictures.
  public func pictures(_ count: Int) throws -> PictureBatch {
    let shape = model.blueprint.output.shape
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * shape.elementCount)
    try forEachBatch(count) { pixels += $0[.images].pixels() }
    return try PictureBatch(
      count: count, height: shape.height, width: shape.width, channels: shape.channels, pixels: pixels)
  }

  /// Samples 0 ..< count of a model that draws points of the plane.
  public func points(_ count: Int) throws -> [ScatterPlot.Point] {
    var points: [ScatterPlot.Point] = []
    try forEachBatch(count) { points += $0[.images].points() }
    return points
  }
}
