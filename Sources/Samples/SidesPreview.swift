import Datasets
import Torch

/// A preview of data with two sides: pairs side by side, or pictures of one collection above those of the other.
struct SidesPreview {
  private let sources: StoredColumn
  private let targets: StoredColumn
  private let arePairs: Bool

  /// nil for data of one side, and for sides that do not fit into one grid.
  init?(_ data: Dataset) {
    guard let targets = data[Field.target.name] ?? data.counterpart?.images else { return nil }
    let formats = [data.images.format, targets.format]
    guard formats.allSatisfy({ $0.kind == .pictures }), formats[0].shape.prefix(2) == formats[1].shape.prefix(2) else {
      return nil
    }
    (sources, self.targets, arePairs) = (data.images, targets, data.counterpart == nil)
  }

  /// The first pictures of both sides.
  ///
  /// - Parameter count: of each side; by default as many as fill half a preview.
  func callAsFunction(_ count: Int?) throws -> Preview {
    let domain = sources.format.domain
    let most = min(max(count ?? domain.previewCount / 2, 1), sources.count, targets.count)
    let columns = arePairs ? 2 * max(Int((Double(most) / 2).squareRoot()), 1) : min(domain.previewCount / 8, most)
    // Targets of a collection begin in a row of their own.
    let shown = arePairs ? most : most / columns * columns
    let channels = max(sources.format.shape[2], targets.format.shape[2])
    let sides = [sources, targets].map { side in
      let pictures = side.format.domain.tensor(side.rows(at: 0..<shown))
      return pictures.size(1) == channels
        ? pictures : .concatenated(Array(repeating: pictures, count: channels), axis: 1)
    }
    let pictures =
      arePairs ? (0..<shown).flatMap { row in sides.map { $0[row..<(row + 1)] } } : sides
    let widest = sources.format.shape[2] == channels ? sources.format : targets.format
    return try widest.domain.preview(.concatenated(pictures), over: nil, columns: columns)
  }
}
