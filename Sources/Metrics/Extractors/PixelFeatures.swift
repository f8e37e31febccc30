import Datasets
import Torch

/// The pixels themselves, for data without labels: `[N, C, H, W]` in [-1, 1] to `[N, C h w]`, a channel after the other.
///
/// Pictures of more than 1,024 numbers are brought to the largest size of their proportions that has no more, by means
/// over areas, so that covariances stay small.
public struct PixelFeatures: FeatureExtractor {
  /// The numbers of a picture at most.
  public static let limit = 1024

  /// "pixels".
  public let name = "pixels"
  /// That of the rule; there are no weights.
  public let fingerprint = Metrics.fingerprint(of: "pixels, by means over areas to no more than \(limit) numbers")
  /// The pictures that it takes.
  public let shape: SampleShape
  private let size: (height: Int, width: Int)

  /// The features of pictures of this shape.
  public init(_ shape: SampleShape) {
    self.shape = shape
    let share = min((Double(Self.limit) / Double(shape.elementCount)).squareRoot(), 1)
    let height = max(Int(Double(shape.height) * share), 1)
    let width = max(min(Int(Double(shape.width) * share), Self.limit / (shape.channels * height)), 1)
    size = (height, width)
  }

  /// As in "area means to 18x18", width first; "none" for pictures that are small enough.
  public var resize: String { isWhole ? "none" : "area means to \(size.width)x\(size.height)" }

  /// The pixels of each picture.
  ///
  /// - Throws: ``MetricError`` for pictures of another shape.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard Array(images.shape.dropFirst()) == [shape.channels, shape.height, shape.width] else {
      throw MetricError("pixels are compared with those of \(shape) pictures, not with \(images.shape) numbers")
    }
    return Features((isWhole ? images : images.averagePooled(to: [size.height, size.width])).flattened())
  }

  private var isWhole: Bool { size == (shape.height, shape.width) }
}
