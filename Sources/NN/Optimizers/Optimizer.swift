import Torch

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  /// The parameters it changes, in order.
  var parameters: [Tensor] { get }
  /// The size of a step; a schedule may set it anew before each.
  var learningRate: Double { get set }
  /// What a lazily applied loss term makes of Adam's settings: 1, or c = k / (k + 1) where such a term takes a step of
  /// its own every k steps (Karras et al. 2020, arXiv:1912.04958, appendix B). ``Adam`` multiplies its learning rate by
  /// c and raises β₁ and β₂ to the power c, so that the extra steps leave its pace and memory as they were; other
  /// optimizers ignore it.
  var lazyFactor: Double { get set }
  /// What it remembers between steps, by name: moments and step counts. Overwriting the elements restores it.
  var memory: [(name: String, tensor: Tensor)] { get }
  /// One step, after which `average` moves toward the parameters. `gradients` are in the order of ``parameters``; a
  /// parameter without one stays unchanged.
  ///
  /// - Parameter flag: a ``StopFlag`` that leaves parameters, memory and average as they are.
  func step(_ gradients: [Tensor?], averaging average: WeightAverage?, unless flag: StopFlag?)
}

extension Optimizer {
  /// 1; setting it has no effect.
  public var lazyFactor: Double {
    get { 1 }
    set {}
  }

  /// One step, after which `average` moves toward the parameters.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage? = nil) {
    step(gradients, averaging: average, unless: nil)
  }
}

/// An optimizer that can evaluate the loss several times in one step, as L-BFGS does. It looks at losses and gradients to
/// decide how to go on, so each of its steps brings values to the host, which waits for the device; no other optimizer's does.
public protocol ReevaluatingOptimizer: Optimizer {
  /// The loss at the present parameters, and its gradients in the order of ``Optimizer/parameters``.
  typealias Evaluation = (loss: Double, gradients: [Tensor?])

  /// One step, after which `average` moves toward the parameters.
  ///
  /// - Parameter evaluate: called at the present parameters, and again after each change of them. What it throws leaves
  ///   the parameters as they were when it was called.
  func step(averaging average: WeightAverage?, _ evaluate: () throws -> Evaluation) rethrows
}

extension ReevaluatingOptimizer {
  /// One step.
  public func step(_ evaluate: () throws -> Evaluation) rethrows { try step(averaging: nil, evaluate) }
}

/// The parameters that have a gradient this time, and where they stand among all.
struct Reached {
  private(set) var indices: [Int] = []
  private(set) var parameters: [Tensor] = []
  private(set) var gradients: [Tensor] = []

  init(_ parameters: [Tensor], _ gradients: [Tensor?]) {
    precondition(
      parameters.count == gradients.count,
      "\(gradients.count) gradients were given for \(parameters.count) parameters")
    for (index, (parameter, gradient)) in zip(parameters, gradients).enumerated() {
      guard let gradient else { continue }
      indices.append(index)
      self.parameters.append(parameter)
      self.gradients.append(Self.aligned(gradient, to: parameter))
    }
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
