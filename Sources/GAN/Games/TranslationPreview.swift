import Datasets

/// What games of image translation show of their progress.
enum TranslationPreview {
  /// The pictures of a preview, and how many of their groups lie in a row where pictures are small.
  private static let (count, mostInARow) = (12, 3)
  /// About the width of a preview in pixels.
  private static let width = 800

  /// Of held-out rows where there are any: source, translation and, of pairs, truth; of a translator that translates back,
  /// source, translation and the way back, then the same of the other collection.
  static func draw(_ translator: Translator, _ data: Dataset, heldOut: Dataset?, seed: UInt64) throws -> Preview {
    let shown = heldOut ?? data
    var groups = try pairs(translator, shown, seed: seed)
    if groups.isEmpty {
      groups = try cycles(translator, .aToB, shown, seed: seed)
      if let other = shown.counterpart { groups += try cycles(translator, .bToA, other, seed: seed) }
    }
    let channels = max(shown.shape.channels, translator.blueprint.output.format.shape[2])
    let domain = PictureDomain(SampleShape(channels: channels, height: shown.shape.height, width: shown.shape.width))
    let inAGroup = groups.first?.count ?? 1
    let inARow = max(1, min(mostInARow, width / (inAGroup * shown.shape.width)))
    let pictures = groups.flatMap { $0.map { picture($0, channels: channels) } }
    return try domain.preview(.concatenated(pictures), over: nil, columns: inAGroup * inARow)
  }

  /// Source, translation and truth of each row; empty where rows have no truth.
  private static func pairs(_ translator: Translator, _ data: Dataset, seed: UInt64) throws -> [[Tensor]] {
    guard let truth = data[Field.target.name] else { return [] }
    let rows = 0..<min(count, data.count)
    let sources = try Sampler(translator, seed: seed, of: data).inputs(rows)
    return try withTorchErrors {
      grouped([
        sources[.images].tensor, translator(sources)[.target].tensor,
        truth.format.domain.tensor(truth.rows(at: rows), on: translator.device),
      ])
    }
  }

  /// Source, translation and, if the translator goes both ways, the source made of that again, for half as many rows.
  private static func cycles(
    _ translator: Translator, _ direction: SideDirection, _ data: Dataset, seed: UInt64
  ) throws -> [[Tensor]] {
    guard translator.directions.contains(direction) else { return [] }
    let there = try translator.oneWay(direction)
    let back = direction == .aToB ? SideDirection.bToA : .aToB
    let sources = try Sampler(there, seed: seed, of: data).inputs(0..<min(count / 2, data.count))
    return try withTorchErrors {
      let made = there(sources)[.target]
      guard translator.directions.contains(back) else { return grouped([sources[.images].tensor, made.tensor]) }
      let again = try translator.oneWay(back)(Batch(count: made.count).with(.images, made))[.target]
      return grouped([sources[.images].tensor, made.tensor, again.tensor])
    }
  }

  private static func grouped(_ columns: [Tensor]) -> [[Tensor]] {
    (0..<columns[0].size(0)).map { row in columns.map { $0[row..<(row + 1)] } }
  }

  /// A picture as one of so many channels: its first in each, where it has others.
  private static func picture(_ picture: Tensor, channels: Int) -> Tensor {
    if picture.size(1) == channels { return picture }
    return .concatenated(Array(repeating: picture.slice(1, from: 0, count: 1), count: channels), axis: 1)
  }
}
