import Torch

/// A classifier of grey pictures applied to each of three channels, for stacked digits (Metz et al. 2017,
/// arXiv:1611.02163, section 3.3.1).
public struct StackedClassifier: FeatureExtractor {
  /// What reads a channel.
  public let base: Classifier
  /// The base's, marked as applied to channels.
  public let fingerprint: String

  /// - Throws: ``MetricError`` when `base` takes pictures in colour.
  public init(_ base: Classifier) throws {
    guard base.shape.channels == 1 else {
      throw MetricError("single channels need a classifier of grey pictures, but the \(base.name) takes \(base.shape)")
    }
    self.base = base
    fingerprint = Metrics.fingerprint(of: "each channel of three by \(base.fingerprint)")
  }

  /// As in "classifier (digits) on each channel".
  public var name: String { "\(base.name) on each channel" }
  /// The base's.
  public var resize: String { base.resize }

  /// Features `[N, 384]`, those of a channel after those of another, and class scores `[N, 3, classes]`.
  ///
  /// - Throws: ``MetricError`` for pictures whose shape is not three of the base's.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.rank == 4, images.size(1) == 3 else {
      throw MetricError("the \(name) takes pictures of 3 channels, [N, 3, H, W], not \(images.shape)")
    }
    let count = images.size(0)
    let channels = try base(images.reshaped(3 * count, 1, images.size(2), images.size(3)))
    return Features(
      channels.values.reshaped(count, -1), logits: channels.logits?.reshaped(count, 3, base.classCount))
  }
}
