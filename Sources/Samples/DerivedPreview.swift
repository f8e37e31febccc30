import Datasets
import Pictures
import Torch

extension DerivedSamples {
  /// How many samples lie in a row where pictures are small.
  private static let mostInARow = 3
  /// About the width of a preview in pixels.
  private static let previewWidth = 800

  /// Samples of several batches, each between what it was made of and what it should have been or, if that is not known, what
  /// the way back makes of it.
  ///
  /// - Precondition: there is a batch; all know the same of their samples, which are pictures of one size.
  public static func preview(_ batches: [DerivedSamples]) throws -> Preview {
    let shape = batches[0].samples.shape
    let channels = batches.flatMap(\.columns).map { $0.size(1) }.max() ?? shape[1]
    let cells = batches.flatMap { batch in
      let columns = batch.columns.map { fitted($0, channels: channels, size: [shape[2], shape[3]]) }
      return (0..<batch.samples.size(0)).flatMap { row in columns.map { $0[row..<(row + 1)] } }
    }
    let width = batches[0].columns.count
    let inARow = max(1, min(mostInARow, previewWidth / (width * shape[3])))
    var preview = try PictureDomain(SampleShape(channels: channels, height: shape[2], width: shape[3]))
      .preview(.concatenated(cells), over: nil, columns: width * inARow)
    preview.caption = batches[0].caption
    return preview
  }

  /// What stands beside each sample, in a sentence; nil where nothing does.
  private var caption: String? {
    guard sources != nil else { return nil }
    let last = targets != nil ? ", truth" : reconstructions != nil ? ", translated back" : ""
    return "Left to right: source, result\(last), then the next."
  }

  private var columns: [Tensor] { [sources, samples, targets ?? reconstructions].compactMap { $0 } }

  /// Pictures of so many channels, their first in each if they have others, in this size.
  private static func fitted(_ pictures: Tensor, channels: Int, size: [Int]) -> Tensor {
    let shown =
      pictures.size(1) == channels
      ? pictures
      : .concatenated(Array(repeating: pictures.slice(1, from: 0, count: 1), count: channels), axis: 1)
    return [shown.size(2), shown.size(3)] == size ? shown : shown.upsampledNearest(size)
  }
}
