extension Sampler {
  /// Samples 0 ..< count of a model that draws pictures.
  public func pictures(_ count: Int) throws -> PictureBatch {
    let domain = PictureDomain(model.blueprint.output.format)
    return try domain.pictures(rows(count))
  }

  /// Samples 0 ..< count of a model that draws points in the plane.
  public func points(_ count: Int) throws -> [ScatterPlot.Point] {
    PointDomain(.points).points(try rows(count))
  }

  private func rows(_ count: Int) throws -> Tensor {
    var rows: [Tensor] = []
    try forEachBatch(count) { batch in if let drawn = batch[model.blueprint.output.name] { rows.append(drawn) } }
    return try withTorchErrors { .concatenated(rows) }
  }
}
