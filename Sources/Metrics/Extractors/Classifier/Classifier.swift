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
  /// How many classes there are.
  public let classCount: Int
  /// The classes' names in the order of their labels, where they have any.
  public let classNames: [String]?
  /// What it was trained on, and its accuracy.
  public let origin: ClassifierOrigin
  /// SHA-256, in hexadecimal, of its architecture, the shape it takes and its weights.
  public let fingerprint: String
  private let reduction: AreaMeans
  let network: ClassifierNetwork

  init(
    _ network: ClassifierNetwork, shape: SampleShape, classCount: Int, classNames: [String]?, origin: ClassifierOrigin
  ) {
    self.network = network
    self.shape = shape
    reduction = CompactMaps.reduction(shape)
    self.classCount = classCount
    self.classNames = classNames
    self.origin = origin
    fingerprint = Metrics.fingerprint(of: network.state, architecture: "\(ClassifierNetwork.name) \(shape)")
  }

  /// As in "classifier (digits)".
  public var name: String { "classifier (\(origin.data))" }

  /// As in "area means to 64x48", width first; "none" where no side is longer than 64 pixels.
  public var resize: String { reduction.name }

  /// Features `[N, 128]` and class scores `[N, 1, classes]`, computed in float32.
  ///
  /// - Throws: ``MetricError`` for pictures of another shape than those it was trained on.
  public func callAsFunction(_ images: Tensor) throws -> Features {
    guard images.holds(shape) else {
      throw MetricError(
        "the \(name) needs pictures of \(shape), but these are \(images.sampleText); "
          + "\(shape.remedy(for: images.sampleShape)), or train one for them with 'gan extractor train --data SOURCE'")
    }
    let (features, logits) = try withTorchErrors {
      withoutGradient { network(reduction(images.to(.float32)), .inference) }
    }
    return Features(features, logits: logits.reshaped(-1, 1, classCount))
  }
}
