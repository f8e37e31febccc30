/// A model that makes pictures of pictures, applied to pictures of any size and depth.
///
/// ```swift
/// let model = try AppliedModel(ModelFile.read("runs/facades/model.safetensors", .standard))
/// let photo = try model(StoredPicture(contentsOf: "labels.png"))
/// try photo.write(to: "photo.png")
/// ```
///
/// A picture whose size the network does not take is continued by its reflection on all sides, and the result is cut
/// back. One that does not fit in memory goes through the network in tiles (``TileSize``), whose norms share the statistics of
/// four of them.
public struct AppliedModel {
  private let inputs: Int
  private let outputs: Int
  private let tiling: Tiling
  private let translate: (Images) -> Images
  private let translateParts: (_ samples: Images) -> (Images) -> Images

  /// A model as it was read from its file.
  ///
  /// - Throws: ``TrainingError`` when it makes no pictures of pictures, when these are neither grey nor coloured, or for a tile
  ///   that its network does not take.
  public init(_ model: any Model, tiles size: TileSize = .auto) throws(TrainingError) {
    guard let model = model as? Translator else {
      throw TrainingError(
        "the model '\(model.blueprint.network)' does not make pictures of pictures, so it cannot be applied to any")
    }
    let tiling = Tiling(model, size)
    let translate: (Images) -> Images = { model(Batch(count: $0.count).with(.images, $0))[.target] }
    self.init(
      inputs: model.blueprint.sourceChannels, outputs: model.blueprint.targetChannels, tiling, translate,
      parts: { samples in
        let statistics = PooledStatistics { _ = model.translations(of: samples, sharing: $0) }
        return { model.translations(of: $0, sharing: statistics) }
      })
    for channels in [inputs, outputs] where channels != 1 && channels != 3 {
      throw TrainingError(
        "the model makes pictures of \(outputs) channels of those of \(inputs); picture files have 1 (grey) or 3 (colour)"
      )
    }
    try tiling.validate()
  }

  /// What makes images `[N, outputs, H, W]` of images `[N, inputs, H, W]`.
  ///
  /// - Parameters:
  ///   - translate: is given whole pictures.
  ///   - parts: what is given the tiles of a picture, made from those that were measured.
  package init(
    inputs: Int, outputs: Int, _ tiling: Tiling, _ translate: @escaping (Images) -> Images,
    parts: @escaping (_ samples: Images) -> (Images) -> Images
  ) {
    (self.inputs, self.outputs, self.tiling) = (inputs, outputs, tiling)
    (self.translate, translateParts) = (translate, parts)
  }

  /// What the model makes of `picture`: in its size and depth, with its opacity as it was, and with its profile if both are
  /// grey or both coloured. The model sees the colours as they are stored, those of transparent pixels too.
  ///
  /// A model of colour is given a grey picture as red, green and blue alike.
  ///
  /// - Parameter progress: called after each tile.
  /// - Throws: ``TrainingError`` for colour that a model of grey pictures is given, for what is not a number in the result,
  ///   and when there is no memory for the smallest tile; `TorchError` when memory runs out.
  public func callAsFunction(
    _ picture: StoredPicture, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> StoredPicture {
    guard inputs == 3 || !picture.hasColor || picture.isGreyInColor else {
      throw TrainingError("the picture has colour, and the model takes grey pictures; convert it to grey")
    }
    let values: StoredPicture.Values =
      switch picture.values {
      case .bytes(let bytes): .bytes(try made(of: bytes, picture, progress))
      case .words(let words): .words(try made(of: words, picture, progress))
      }
    return try StoredPicture(
      width: picture.width, height: picture.height, hasColor: outputs == 3, hasOpacity: picture.hasOpacity,
      values: values, profile: picture.profile)
  }

  /// The values of the result. Rows of tiles are put together one after the other, so that besides the picture and its
  /// result only one of them is in memory.
  private func made<Value: FixedWidthInteger & UnsignedInteger>(
    of values: [Value], _ picture: StoredPicture, _ progress: (Int, Int) -> Void
  ) throws -> [Value] {
    let (rows, columns) = try tiling.axes(width: picture.width, height: picture.height)
    func tile(_ top: Int, _ left: Int) -> Images {
      PictureTile(
        values, channels: picture.channels, width: picture.width, rows: rows.pixels(from: top),
        columns: columns.pixels(from: left)
      ).images(channels: inputs)
    }
    var result = PictureRows<Value>(opacityOf: picture, values, colors: outputs)
    try withTorchErrors {
      var translate = translate
      let samples = tiling.samples(rows, columns)
      if samples.count > 1 {
        translate = translateParts(Images(.concatenated(samples.map { tile($0.top, $0.left).tensor })))
      }
      var unfinished = Tensor.zeros([outputs, rows.side, columns.covered.count])
      for (row, top) in rows.starts.enumerated() {
        let down = Tensor(rows.weights[row], shape: [rows.side, 1])
        for (column, left) in columns.starts.enumerated() {
          let made = translate(tile(top, left)).tensor[0]
          let across = Tensor(columns.weights[column], shape: [1, columns.side])
          unfinished.slice(2, from: left - columns.covered.lowerBound, count: columns.side).add(made * (down * across))
          progress(row * columns.starts.count + column + 1, rows.starts.count * columns.starts.count)
        }
        // The next tiles add nothing above their first row.
        let end = row + 1 < rows.starts.count ? rows.starts[row + 1] : rows.covered.upperBound
        let shown = max(top, 0)..<min(end, picture.height)
        try result.append(
          unfinished.slice(1, from: shown.lowerBound - top, count: shown.count)
            .slice(2, from: -columns.covered.lowerBound, count: picture.width))
        guard end < rows.covered.upperBound else { return }
        let rest = unfinished.slice(1, from: end - top, count: top + rows.side - end)
        unfinished = .zeros([outputs, rows.side, columns.covered.count])
        unfinished.slice(1, from: 0, count: rest.size(1)).copy(from: rest)
      }
    }
    return result.values
  }
}

extension Blueprint {
  /// The channels of the pictures that a translator takes.
  fileprivate var sourceChannels: Int {
    for case .data(let column) in inputs where column.name == Field.images.name {
      return column.format.sampleShape?.channels ?? 0
    }
    return 0
  }

  /// The channels of those that it makes.
  fileprivate var targetChannels: Int { output.format.sampleShape?.channels ?? 0 }
}
