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

  /// Whether it is a training pass.
  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }
}
