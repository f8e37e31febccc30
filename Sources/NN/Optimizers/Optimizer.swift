import Torch

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  /// The parameters it changes, in order.
  var parameters: [Tensor] { get }
  /// The size of a step; a schedule may set it anew before each.
  var learningRate: Double { get set }
  /// What it remembers between steps, by name: moments and step counts. Overwriting the elements restores it.
  var memory: [(name: String, tensor: Tensor)] { get }
  /// One step. `gradients` are in the order of ``parameters``; a parameter without one is left alone.
  func step(_ gradients: [Tensor?])
}

/// The parameters that have a gradient this time, and where they stand among all.
struct Reached {
  let indices: [Int]
  let parameters: [Tensor]
  let gradients: [Tensor]

  init(_ parameters: [Tensor], _ gradients: [Tensor?]) {
    precondition(
      parameters.count == gradients.count,
      "\(gradients.count) gradients were given for \(parameters.count) parameters")
    let found = zip(parameters, gradients).enumerated().compactMap { index, pair in
      pair.1.map { (index, pair.0, Self.aligned($0, to: pair.0)) }
    }
    indices = found.map(\.0)
    self.parameters = found.map(\.1)
    self.gradients = found.map(\.2)
  }

  /// libtorch's fused kernels walk parameter, gradient and moments in memory order and are silently wrong when their
  /// strides differ.
  private static func aligned(_ gradient: Tensor, to parameter: Tensor) -> Tensor {
    if gradient.strides == parameter.strides && gradient.dtype == parameter.dtype { return gradient }
    let copy = parameter.detached().emptyLike()
    copy.copy(from: gradient)
    return copy
  }

  func of(_ all: [Tensor]) -> [Tensor] { indices.map { all[$0] } }
}

/// Named memory for `tensors`, as in "exp_avg.3".
func named(_ name: String, _ tensors: [Tensor]) -> [(name: String, tensor: Tensor)] {
  tensors.enumerated().map { ("\(name).\($0)", $1) }
}
