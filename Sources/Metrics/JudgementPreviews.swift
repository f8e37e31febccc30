import Datasets
import Pictures
import Samples

extension Judgement {
  /// What numbers cannot say, each under the name of its file: `nearest`, the samples that lie nearest to training pictures
  /// beside these; and `classes`, a row of samples for each class that the extractor reads. What there is nothing to draw from
  /// is left out.
  ///
  /// - Parameters:
  ///   - data: the training data.
  ///   - isStacked: whether the extractor reads each channel by itself; combinations of classes are too many to be shown.
  public func previews(of data: Dataset, isStacked: Bool) throws -> [(name: String, preview: Preview)] {
    guard data.kind == .images, [1, 3].contains(data.shape.channels),
      Array(examples.shape.dropFirst()) == [data.shape.channels, data.shape.height, data.shape.width]
    else { return [] }
    let drawn = [("nearest", try nearestPairs(data)), ("classes", isStacked ? nil : try classRows(data))]
    return drawn.compactMap { name, preview in preview.map { (name, $0) } }
  }

  /// Pairs, the nearest first: left what was generated, right the training picture.
  private func nearestPairs(_ data: Dataset, pairs count: Int = 24, pairsInARow: Int = 6) throws -> Preview? {
    guard let found = pairs, !found.isEmpty else { return nil }
    let shown = found.sorted { $0.trainingDistance < $1.trainingDistance }.prefix(count)
    var pixels: [UInt8] = []
    for pair in shown {
      pixels += Images(examples[pair.sample..<pair.sample + 1]).pixels()
      pixels += try data.pictures(at: [pair.trainingRow]).pixels
    }
    return PictureGrid.picture(of: try batch(data, pixels, count: 2 * shown.count), columns: 2 * pairsInARow)
  }

  /// A row a class, of the ten most frequent in their order, ten pictures each; where there are fewer, the place is left
  /// empty. Combinations of classes are too many to be shown.
  private func classRows(_ data: Dataset, rows: Int = 10, pictures: Int = 10) throws -> Preview? {
    guard let read = exampleClasses, let histogram else { return nil }
    let frequent = histogram.counts.indices.sorted { histogram.counts[$0] > histogram.counts[$1] }.prefix(rows).sorted()
    let empty = [UInt8](repeating: PictureGrid.gapShade, count: data.shape.elementCount)
    var pixels: [UInt8] = []
    for name in frequent {
      let members = read.indices.filter { read[$0] == name }.prefix(pictures)
      for member in members { pixels += Images(examples[member..<member + 1]).pixels() }
      for _ in members.count..<pictures { pixels += empty }
    }
    return PictureGrid.picture(of: try batch(data, pixels, count: frequent.count * pictures), columns: pictures)
  }

  private func batch(_ data: Dataset, _ pixels: [UInt8], count: Int) throws -> PictureBatch {
    try PictureBatch(
      count: count, height: data.shape.height, width: data.shape.width, channels: data.shape.channels, pixels: pixels)
  }
}
