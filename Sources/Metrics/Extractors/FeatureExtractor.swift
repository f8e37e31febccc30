import Torch

/// Turns samples into the features that a metric compares.
public protocol FeatureExtractor {
  /// Its name in results, such as "classifier (digits)".
  var name: String { get }
  /// SHA-256, in hexadecimal, of all that its features depend on: weights, architecture, resize rule. Values under
  /// different fingerprints are not comparable.
  var fingerprint: String { get }
  /// How samples of another size are brought to its own, in words, as in "bilinear (legacy TensorFlow) to 299x299"; "none" where
  /// they are taken as they are.
  var resize: String { get }

  /// The features of samples.
  ///
  /// - Parameter images: `[N, C, H, W]` in [-1, 1], float32.
  /// - Throws: ``MetricError`` when it cannot take samples of this shape; the sentence says which it takes.
  func callAsFunction(_ images: Tensor) throws -> Features
}

/// The features that a ``FeatureExtractor`` computes for a batch of samples.
public struct Features {
  /// A row of numbers for each sample, `[N, D]`, float32.
  public let values: Tensor
  /// Raw class scores `[N, groups, classes]`, float32, where the extractor is a classifier; several groups where it reads
  /// each channel by itself, as in stacked digits.
  public let logits: Tensor?

  /// Features of a batch.
  public init(_ values: Tensor, logits: Tensor? = nil) {
    self.values = values
    self.logits = logits
  }
}
