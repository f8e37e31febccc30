import Datasets
import NN
import Torch

/// Features that swift-gan learnt from pictures without their labels: 128 for each, the means of its last maps after relu.
///
/// ``EncoderTraining`` makes one, ``ExtractorCache`` keeps it.
public final class PictureEncoder: FeatureExtractor {
  /// The pictures that it takes.
  public let shape: SampleShape
  /// What it was trained on.
  public let origin: EncoderOrigin
  /// SHA-256, in hexadecimal, of its architecture, the shape it takes and its weights.
  public let fingerprint: String
  private let reduction: AreaMeans
  let network: EncoderNetwork

  init(_ network: EncoderNetwork, shape: SampleShape, origin: EncoderOrigin) {
    (self.network, self.shape, self.origin) = (network, shape, origin)
    reduction = Self.reduction(shape)
    fingerprint = Metrics.fingerprint(of: network.state, architecture: "\(EncoderNetwork.name) \(shape)")
  }

  /// Scales pictures of `shape` to sides of 32 pixels or less: what kind of picture it is can be seen of small ones, and they are
  /// learnt from in a minute.
  static func reduction(_ shape: SampleShape) -> AreaMeans { AreaMeans(shape, sidesUpTo: 32) }

  /// Its tensors, those of ``CompactMaps`` among them.
  package var state: StateDict { network.state }

  /// As in "encoder (photos)".
  public var name: String { "encoder (\(origin.data))" }
  /// As in "area means to 32x24", width first; "none" where no side is longer than 32 pixels.
  public var resize: String { reduction.name }

  /// Features `[N, 128]`, computed in float32.
  ///
  /// - Throws: ``MetricError`` for pictures of another shape than those it was trained on.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.holds(shape) else {
      throw MetricError(
        "the \(name) needs pictures of \(shape), but these are \(images.sampleText); "
          + shape.remedy(for: images.sampleShape))
    }
    return Features(
      try withTorchErrors { withoutGradient { network.features(reduction(images.to(.float32)), .inference) } })
  }
}

/// What a ``PictureEncoder`` was trained on, and how.
public struct EncoderOrigin: Sendable, Equatable, Codable {
  /// What the data are called, such as "digits", without the place where they lie.
  public var data: String
  /// The fingerprint of the training split.
  public var dataFingerprint: String
  /// What all random numbers of the training depended on.
  public var seed: UInt64
  /// Training steps.
  public var steps: Int
  /// The version of swift-gan that trained it.
  public var version: String
}
