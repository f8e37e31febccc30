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

extension Images {
  /// The pixels `[N, H, W, C]` as grey levels 0 … 255: −1 is 0, 1 is 255, rounded to the nearest.
  public func pixels() -> [UInt8] {
    ((tensor.detached() + 1) * 127.5).rounded().clamped(0, 255).permuted(0, 2, 3, 1).array(of: UInt8.self)
  }

  /// Pictures of two channels and one pixel as points.
  func points() -> [ScatterPlot.Point] {
    let values = tensor.detached().flattened().array(of: Float.self)
    return stride(from: 0, to: values.count, by: 2).map { ScatterPlot.Point(values[$0], values[$0 + 1]) }
  }
}
