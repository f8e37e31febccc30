import Datasets
import NN
import Torch

/// A classifier that swift-gan trained itself, as a feature extractor: 128 features, the means of its last maps after
/// relu, and its class scores.
///
/// ``ClassifierTraining`` makes one from labelled data, ``init(contentsOf:)`` reads one from a file.
public final class Classifier: FeatureExtractor {
  /// The pictures that it takes.
  public let shape: SampleShape
  /// How many classes it tells apart.
  public let classCount: Int
  /// The classes' names in the order of their labels, where they have any.
  public let classNames: [String]?
  /// What it was trained on, and how well it learnt that.
  public let origin: ClassifierOrigin
  /// SHA-256, in hexadecimal, of its architecture, the shape it takes and its weights.
  public let fingerprint: String
  let network: ClassifierNetwork

  init(
    _ network: ClassifierNetwork, shape: SampleShape, classCount: Int, classNames: [String]?, origin: ClassifierOrigin
  ) {
    self.network = network
    self.shape = shape
    self.classCount = classCount
    self.classNames = classNames
    self.origin = origin
    fingerprint = Metrics.fingerprint(of: network.state, architecture: "\(ClassifierNetwork.name) \(shape)")
  }

  /// As in "classifier (digits)".
  public var name: String { "classifier (\(origin.data))" }

  /// As in "area means to 64x48", width first; "none" where no side is longer than 64 pixels.
  public var resize: String { Self.resize(shape) }

  /// Features `[N, 128]` and class scores `[N, 1, classes]`, computed in float32.
  ///
  /// - Throws: ``MetricError`` for pictures of another shape than those it was trained on.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard Array(images.shape.dropFirst()) == [shape.channels, shape.height, shape.width] else {
      throw MetricError(
        "the \(name) takes pictures of \(shape), and these are \(images.shape.dropFirst().map(String.init).joined(separator: "x"))"
          + "; train one for them with 'gan extractor train --data SOURCE'")
    }
    let (features, logits) = try withTorchErrors {
      withoutGradient { network(Self.reduced(images.to(.float32), shape), .inference) }
    }
    return Features(features, logits: logits.reshaped(-1, 1, classCount))
  }

  /// Pictures of `shape` at the size at which the network looks at them.
  static func reduced(_ images: Tensor, _ shape: SampleShape) -> Tensor {
    let size = ClassifierNetwork.size(for: shape)
    return size == (shape.height, shape.width) ? images : images.averagePooled(to: [size.height, size.width])
  }

  private static func resize(_ shape: SampleShape) -> String {
    let size = ClassifierNetwork.size(for: shape)
    return size == (shape.height, shape.width) ? "none" : "area means to \(size.width)x\(size.height)"
  }
}

/// What a ``Classifier`` was trained on, how, and how well it learnt that.
public struct ClassifierOrigin: Sendable, Equatable, Codable {
  /// What the user called the data, such as "digits".
  public var data: String
  /// The fingerprint of the training split.
  public var dataFingerprint: String
  /// What all random numbers of the training depended on.
  public var seed: UInt64
  /// Training steps.
  public var steps: Int
  /// The share of pictures whose class it tells, of those in ``judgedOn``.
  public var accuracy: Double
  /// How many pictures that share is of.
  public var judgedCount: Int
  /// Which pictures those are: none that it was trained on.
  public var judgedOn: HeldOut
  /// The version of swift-gan that trained it.
  public var version: String

  /// Pictures kept from training.
  public enum HeldOut: String, Sendable, Codable {
    /// The test split.
    case testSplit = "test split"
    /// A tenth of the only split there is.
    case tenth = "held-out tenth"
  }
}
