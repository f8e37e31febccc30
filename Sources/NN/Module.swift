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
  /// An inference pass over parts of one image, as in training if there is a stream: norms that take statistics of what they
  /// normalise take those of all parts together.
  case parts(PooledStatistics, RandomStream?)

  /// Whether it is a training pass, which moves running statistics.
  public var isTraining: Bool {
    if case .training = self { true } else { false }
  }

  /// Where dropout is drawn, and whether statistics are the batch's own; nil in plain inference.
  public var random: RandomStream? {
    switch self {
    case .inference: nil
    case .training(let random), .asInTraining(let random): random
    case .parts(_, let random): random
    }
  }

  /// The statistics that the parts of an image share.
  public var pooled: PooledStatistics? {
    if case .parts(let statistics, _) = self { statistics } else { nil }
  }
}
