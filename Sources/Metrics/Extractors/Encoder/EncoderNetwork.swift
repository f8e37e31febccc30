import NN
import Torch

/// What learns features without labels: ``CompactMaps``, and a head in whose space two views of a picture are compared (Chen et
/// al. 2020, section 2.1). The features are those before the head.
final class EncoderNetwork: Module {
  /// The architecture's name, in files and fingerprints; another architecture takes another name.
  static let name = "compact-encoder-1"
  /// The numbers that views are compared by.
  private static let projected = 64

  let state: StateDict
  private let maps: CompactMaps
  private let hidden, head: Linear
  private let norm: BatchNorm

  init(_ state: StateDict, channels: Int) {
    let (path, width) = (state.root, CompactMaps.featureCount)
    self.state = state
    maps = CompactMaps(path, channels: channels)
    hidden = Linear(path / "hidden", width, width)
    norm = BatchNorm(path / "norm", width)
    head = Linear(path / "head", width, Self.projected)
  }

  /// - Parameter images: as ``CompactMaps`` takes them.
  /// - Returns: features `[N, 128]`.
  func features(_ images: Tensor, _ pass: Pass) -> Tensor { maps(images, pass) }

  /// What views are compared by, `[N, 64]`.
  func callAsFunction(_ images: Tensor, _ pass: Pass) -> Tensor {
    head(norm(hidden(features(images, pass)), pass, then: .relu))
  }
}
