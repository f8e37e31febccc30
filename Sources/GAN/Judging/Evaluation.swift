/// What an ``Evaluator`` found.
public struct Evaluation {
  /// A record a metric, with its provenance; the metric that decides comes first.
  public let records: [MetricRecord]
  let judgement: Judgement
  let data: Dataset
  let isStacked: Bool

  /// The values by the metrics' names.
  var values: [String: Double] {
    Dictionary(records.map { ($0.metric, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many samples were read as each class, or combination of classes; nil where the extractor knows none.
  public var histogram: ClassHistogram? { judgement.observations.histogram }

  /// Draws what numbers cannot say: the generated pictures that lie nearest to training pictures beside these, and a row of
  /// generated pictures for each class that the extractor reads. What there is nothing to draw from is not written.
  ///
  /// - Returns: the paths of those that were written.
  /// - Throws: `FileError` when a picture cannot be written.
  @discardableResult
  public func writePictures(nearest: String, classes: String) throws -> [String] {
    guard data.kind == .pictures, [1, 3].contains(data.shape.channels),
      Array(judgement.observations.examples.shape.dropFirst()) == [
        data.shape.channels, data.shape.height, data.shape.width,
      ]
    else { return [] }
    return try [(nearest, try nearestPairs()), (classes, try classRows())].compactMap { path, picture in
      guard let picture else { return nil }
      try picture.write(to: path)
      return path
    }
  }

  /// Pairs, the nearest first: left what was generated, right the training picture.
  private func nearestPairs(pairs: Int = 24, pairsInARow: Int = 6) throws -> Picture? {
    guard let found = judgement.pairs, !found.isEmpty else { return nil }
    let shown = found.sorted { $0.trainingDistance < $1.trainingDistance }.prefix(pairs)
    var pixels: [UInt8] = []
    for pair in shown {
      pixels += Images(judgement.observations.examples[pair.sample..<pair.sample + 1]).pixels()
      pixels += try data.pictures(at: [pair.trainingRow]).pixels
    }
    return PictureGrid.picture(of: try batch(pixels, count: 2 * shown.count), columns: 2 * pairsInARow)
  }

  /// A row a class, of the ten most frequent in their order, ten pictures each; where there are fewer, the place is left
  /// empty. Combinations of classes are too many to be shown.
  private func classRows(rows: Int = 10, pictures: Int = 10) throws -> Picture? {
    guard !isStacked, let read = judgement.observations.exampleClasses, let histogram else { return nil }
    let frequent = histogram.counts.indices.sorted { histogram.counts[$0] > histogram.counts[$1] }.prefix(rows).sorted()
    let empty = [UInt8](repeating: PictureGrid.gapShade, count: data.shape.elementCount)
    var pixels: [UInt8] = []
    for name in frequent {
      let members = read.indices.filter { read[$0] == name }.prefix(pictures)
      for member in members { pixels += Images(judgement.observations.examples[member..<member + 1]).pixels() }
      for _ in members.count..<pictures { pixels += empty }
    }
    return PictureGrid.picture(of: try batch(pixels, count: frequent.count * pictures), columns: pictures)
  }

  private func batch(_ pixels: [UInt8], count: Int) throws -> PictureBatch {
    try PictureBatch(
      count: count, height: data.shape.height, width: data.shape.width, channels: data.shape.channels, pixels: pixels)
  }
}
