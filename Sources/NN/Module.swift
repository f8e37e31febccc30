import Torch

/// A network: something with named tensors.
public protocol Module: AnyObject {
  /// Its parameters and buffers.
  var state: StateDict { get }
}

/// The purpose of a forward pass: training or inference.
public enum Pass {
  /// Running statistics, no dropout.
  case inference
  /// Batch statistics, and dropout drawn from the stream.
  case training(RandomStream)
  /// The statistics and the dropout of a training pass in inference: networks stay as they are. So pix2pix translates
  /// (Isola et al. 2017, arXiv:1611.07004, section 3.4).
  case asInTraining(RandomStream)

  /// Whether it is a training pass, which moves running statistics.
  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }

  /// Where dropout is drawn, and whether statistics are the batch's own; nil in plain inference.
  public var random: RandomStream? {
    switch self {
    case .inference: nil
    case .training(let random), .asInTraining(let random): random
    }
  }
}
