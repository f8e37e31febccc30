import Torch

/// A network: something with named tensors.
public protocol Module: AnyObject {
  /// Its parameters and buffers.
  var state: StateDict { get }
}

/// Why a forward pass is made: to learn, or to use what was learnt.
public enum Pass {
  /// Running statistics, no dropout.
  case inference
  /// Batch statistics, and dropout drawn from the generator.
  case training(RandomGenerator)

  /// Whether it is made to learn.
  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }
}
