import Datasets
import Torch

/// Points in the plane, which are features already: `[N, 2, 1, 1]` to `[N, 2]`.
public struct PlaneFeatures: FeatureExtractor {
  /// "plane".
  public let name = "plane"
  /// That of the rule; there are no weights.
  public let fingerprint = Metrics.fingerprint(of: "the plane's two coordinates")
  /// "none".
  public let resize = "none"

  /// The extractor has no settings.
  public init() {}

  /// The coordinates of each point.
  ///
  /// - Throws: ``MetricError`` for anything but points.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.holds(SampleShape(channels: 2, height: 1, width: 1)) else {
      throw MetricError("plane features need points, [N, 2, 1, 1], not \(images.shape)")
    }
    return Features(images.flattened())
  }
}
