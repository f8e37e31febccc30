import Datasets
import Pictures
import Samples
import Torch

extension Judgement {
  /// What numbers cannot say, each under the name of its file: `nearest`, the samples that lie nearest to training pictures
  /// beside these; `classes`, a row of samples for each class that the extractor reads; and `worst`, the worst pairs, each
  /// sample between its source and its target. What there is nothing to draw from is left out.
  ///
  /// - Parameters:
  ///   - data: the training data.
  ///   - isStacked: whether the extractor reads each channel by itself; combinations of classes are too many to be shown.
  public func previews(of data: Dataset, isStacked: Bool) throws -> [(name: String, preview: Preview)] {
    guard data.kind == .pictures, [1, 3].contains(data.shape.channels),
      Array(observations.examples.shape.dropFirst()) == [data.shape.channels, data.shape.height, data.shape.width]
    else { return [] }
    let drawn = [
      ("nearest", try nearestPairs(data)), ("classes", isStacked ? nil : try classRows(data)),
      ("worst", try worstPairs()),
    ]
    return drawn.compactMap { name, preview in preview.map { (name, $0) } }
  }

  /// Pairs, the nearest first: left what was generated, right the training picture.
  private func nearestPairs(_ data: Dataset, count: Int = 24, pairsInARow: Int = 6) throws -> Preview? {
    guard let found = pairs, !found.isEmpty else { return nil }
    let shown = found.sorted { $0.trainingDistance < $1.trainingDistance }.prefix(count)
    let rows = try shown.flatMap {
      [observations.examples[$0.sample..<$0.sample + 1], try data.samples(at: [$0.trainingRow])]
    }
    return try data.images.format.domain.preview(.concatenated(rows), over: nil, columns: 2 * pairsInARow)
  }

  /// The worst pairs, in reading order.
  private func worstPairs() throws -> Preview? {
    guard let found = worst?.pairs, !found.isEmpty else { return nil }
    return try DerivedSamples.preview(found.map(\.pair))
  }

  /// One row per class, of the ten most frequent in their order, ten samples each; where there are fewer, the place is
  /// left empty.
  private func classRows(_ data: Dataset, rows: Int = 10, columns: Int = 10) throws -> Preview? {
    guard let read = observations.exampleClasses, let histogram = observations.histogram else { return nil }
    let frequent = histogram.counts.indices.sorted { histogram.counts[$0] > histogram.counts[$1] }.prefix(rows).sorted()
    let shape = data.shape
    let empty = Tensor.full(
      [1, shape.channels, shape.height, shape.width], Double(PictureGrid.gapShade) * 2 / 255 - 1)
    let cells = frequent.flatMap { name in
      let members = read.indices.filter { read[$0] == name }.prefix(columns)
      return members.map { observations.examples[$0..<$0 + 1] }
        + Array(repeating: empty, count: columns - members.count)
    }
    return try data.images.format.domain.preview(.concatenated(cells), over: nil, columns: columns)
  }
}
