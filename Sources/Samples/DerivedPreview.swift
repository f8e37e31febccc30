import Pictures
import Torch

extension DerivedSamples {
  /// How many samples lie in a row where pictures are small.
  private static let mostInARow = 3
  /// About the width of a preview in pixels.
  private static let previewWidth = 800

  /// Each sample between what it was made of and what it should have been, where these are known, side by side.
  ///
  /// - Parameter domain: the pictures that the samples are.
  public func preview(_ domain: any Domain) throws -> Preview {
    let columns = [sources.map(fitted), samples, targets].compactMap { $0 }
    let cells = (0..<samples.size(0)).flatMap { row in columns.map { $0[row..<(row + 1)] } }
    let inARow = max(1, min(Self.mostInARow, Self.previewWidth / (columns.count * samples.size(3))))
    return try domain.preview(.concatenated(cells), over: nil, columns: columns.count * inARow)
  }

  /// Sources as pictures of the samples' channels and size: their first channel in each, where they have others.
  private func fitted(_ sources: Tensor) -> Tensor {
    let (channels, size) = (samples.size(1), [samples.size(2), samples.size(3)])
    let shown =
      sources.size(1) == channels
      ? sources
      : .concatenated(Array(repeating: sources.slice(1, from: 0, count: 1), count: channels), axis: 1)
    return [shown.size(2), shown.size(3)] == size ? shown : shown.upsampledNearest(size)
  }

  /// Several batches as one.
  ///
  /// - Precondition: there is one, and all know the same of their samples, which have one shape.
  public static func joined(_ batches: [DerivedSamples]) -> DerivedSamples {
    func all(_ part: (DerivedSamples) -> Tensor?) -> Tensor? {
      let parts = batches.compactMap(part)
      return parts.count == batches.count ? .concatenated(parts) : nil
    }
    return DerivedSamples(
      .concatenated(batches.map(\.samples)), of: all(\.sources), targets: all(\.targets),
      reconstructions: all(\.reconstructions))
  }
}
