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
  private let reduction: AreaMeans

  /// The features of pictures of this shape.
  public init(_ shape: SampleShape) {
    self.shape = shape
    reduction = AreaMeans(shape, numbersUpTo: Self.limit)
  }

  /// As in "area means to 18x18", width first; "none" for pictures that are small enough.
  public var resize: String { reduction.name }

  /// The pixels of each picture.
  ///
  /// - Throws: ``MetricError`` for pictures of another shape.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.holds(shape) else {
      throw MetricError(
        "the reference pictures are \(shape), but these are \(images.sampleText); "
          + shape.remedy(for: images.sampleShape))
    }
    return Features(reduction(images).flattened())
  }
}

extension Tensor {
  /// Whether these are samples of `shape`, `[N, C, H, W]`.
  func holds(_ shape: SampleShape) -> Bool {
    rank == 4 && Array(self.shape.dropFirst()) == [shape.channels, shape.height, shape.width]
  }

  /// The shape of a sample, as in "3x32x32".
  var sampleText: String { shape.dropFirst().map(String.init).joined(separator: "x") }

  /// The same, where these are pictures.
  var sampleShape: SampleShape? {
    rank == 4 ? SampleShape(channels: size(1), height: size(2), width: size(3)) : nil
  }
}

extension SampleShape {
  /// What would be right where pictures of this shape are asked for, and others are given.
  func remedy(for other: SampleShape?) -> String {
    other?.channels == channels
      ? "--size \(width)x\(height) brings both to one size"
      : "give pictures of \(channels) channel\(channels == 1 ? "" : "s")"
  }
}
