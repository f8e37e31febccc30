import Torch

/// How the networks of image translation normalise their maps.
public enum MapNorm: String, Sendable, CaseIterable {
  /// By the batch (pix2pix).
  case batch
  /// Each map of each image by itself, without weight and bias (CycleGAN).
  case instance
  /// Not at all.
  case none

  /// Whether convolutions before the norm keep a bias, as in the authors' code, which drops it without a norm too.
  var leavesBias: Bool { self == .instance }

  func layer(_ path: Path, _ channels: Int) -> Layer {
    switch self {
    case .batch: .batch(BatchNorm(path, channels, initializer: .normal(mean: 1)))
    case .instance: .instance(InstanceNorm(path, channels))
    case .none: .identity
    }
  }

  /// A layer of one kind.
  enum Layer {
    case batch(BatchNorm)
    case instance(InstanceNorm)
    case identity

    func callAsFunction(_ x: Tensor, _ pass: Pass, then activation: Activation) -> Tensor {
      switch self {
      case .batch(let norm): norm(x, pass, then: activation)
      case .instance(let norm): norm(x, then: activation, pooled: pass.pooled)
      case .identity: activation(x)
      }
    }
  }
}
