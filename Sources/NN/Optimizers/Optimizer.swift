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
/// decide how to go on, so the host waits for the device.
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

/// Whether something has been found that is infinite or not a number: a mark on the device that stops the moves of
/// optimizers there, so that the host need not wait to learn of it. Once raised it stays so until it is lowered.
public struct StopFlag {
  /// 1 if it is raised, else 0; float32, without axes.
  public let tensor: Tensor

  /// A lowered flag on `device`.
  public init(on device: Device) { tensor = Tensor(0, device: device) }

  /// Raises it if the number that `value` holds is infinite or not a number.
  public func raise(unlessFinite value: Tensor) {
    withoutGradient {
      // x − x is 0, or not a number.
      let value = value.detached()
      tensor.copy(from: greater(.tensor(tensor), .tensor(differs(.tensor(value - value), .double(0)))))
    }
  }

  /// Whether it is raised. The host waits for the device to learn of it.
  public var isRaised: Bool { tensor.item != 0 }

  /// Lowers it.
  public func lower() { tensor.fill(0) }

  /// Overwrites each tensor with that in `sources`, if the flag is lowered.
  public func copy(_ sources: [Tensor], over tensors: [Tensor]) {
    let isRaised = differs(.tensor(tensor), .double(0))
    for (tensor, source) in zip(tensors, sources) {
      tensor.copy(from: choice(.tensor(isRaised), .tensor(tensor), .tensor(source)))
    }
  }
}

extension StopFlag? {
  /// Overwrites each tensor with that in `sources`, unless there is a flag that is raised.
  func copy(_ sources: [Tensor], over tensors: [Tensor]) {
    if let self { self.copy(sources, over: tensors) } else { tensors.copy(from: sources) }
  }
}

private let greater = Operation("aten::maximum")
private let differs = Operation("aten::ne", "Scalar")
private let choice = Operation("aten::where", "self")

/// A running mean of parameters: a step makes it `decay` times itself plus 1 − `decay` times the new parameters.
public struct WeightAverage {
  /// The mean of each parameter, in their order and laid out like them.
  public let tensors: [Tensor]
  /// How much of it a step keeps.
  public var decay: Double {
    get { number.value }
    set { number.value = newValue }
  }
  /// The decay where the mean is.
  private(set) var number: DeviceNumber

  /// The mean that `tensors` hold.
  public init(_ tensors: [Tensor], decay: Double) {
    self.tensors = tensors
    number = DeviceNumber(decay, beside: tensors)
  }

  /// Moves it toward `parameters`.
  public func move(toward parameters: [Tensor], unless flag: StopFlag? = nil) {
    withoutGradient {
      guard let dtype = tensors.first?.dtype else { return }
      let share = 1 - number.tensor
      // A share of nothing leaves the mean as it is, to the bit.
      tensors.interpolate(
        toward: parameters, weight: (flag.map { share * (1 - $0.tensor) } ?? share).to(dtype))
    }
  }
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
      append(index, parameter, Self.aligned(gradient, to: parameter))
    }
  }

  private init() {}

  private mutating func append(_ index: Int, _ parameter: Tensor, _ gradient: Tensor) {
    indices.append(index)
    parameters.append(parameter)
    gradients.append(gradient)
  }

  /// Those whose place among all parameters satisfies `isIncluded`.
  func filtered(_ isIncluded: (Int) -> Bool) -> Reached {
    var part = Reached()
    for (place, index) in indices.enumerated() where isIncluded(index) {
      part.append(index, parameters[place], gradients[place])
    }
    return part
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
