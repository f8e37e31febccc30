import Datasets
import Torch

/// Pictures brought to a smaller size of their proportions by means over areas.
struct AreaMeans: Sendable {
  private let shape: SampleShape
  private let height: Int
  private let width: Int

  /// To the largest size whose sides have no more than `limit` pixels.
  init(_ shape: SampleShape, sidesUpTo limit: Int) {
    let share = min(Double(limit) / Double(max(shape.height, shape.width)), 1)
    self.shape = shape
    height = max(Int((Double(shape.height) * share).rounded()), 1)
    width = max(Int((Double(shape.width) * share).rounded()), 1)
  }

  /// To the largest size that has no more than `limit` numbers in all channels together.
  init(_ shape: SampleShape, numbersUpTo limit: Int) {
    let share = min((Double(limit) / Double(shape.elementCount)).squareRoot(), 1)
    self.shape = shape
    height = max(Int(Double(shape.height) * share), 1)
    width = max(min(Int(Double(shape.width) * share), limit / (shape.channels * height)), 1)
  }

  /// As in "area means to 64x48", width first; "none" for pictures that are small enough.
  var name: String { isNone ? "none" : "area means to \(width)x\(height)" }

  /// - Parameter images: `[N, C, H, W]` of the shape it was made for.
  func callAsFunction(_ images: Tensor) -> Tensor { isNone ? images : images.averagePooled(to: [height, width]) }

  private var isNone: Bool { height == shape.height && width == shape.width }
}
