import NN
import Torch

/// A compact convolutional classifier: ``CompactMaps``, and a score for each class.
final class ClassifierNetwork: Module {
  /// The architecture's name, in files and fingerprints; another architecture takes another name.
  static let name = "compact-classifier-1"

  let state: StateDict
  private let maps: CompactMaps
  private let classes: Linear

  init(_ state: StateDict, channels: Int, classes count: Int) {
    self.state = state
    maps = CompactMaps(state.root, channels: channels)
    classes = Linear(state.root / "classes", CompactMaps.featureCount, count)
  }

  /// - Parameter images: as ``CompactMaps`` takes them.
  /// - Returns: features `[N, 128]` and raw class scores `[N, classes]`.
  func callAsFunction(_ images: Tensor, _ pass: Pass) -> (features: Tensor, logits: Tensor) {
    let features = maps(images, pass)
    return (features, classes(features))
  }
}
