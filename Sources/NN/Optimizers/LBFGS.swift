import Torch

/// L-BFGS (Liu and Nocedal 1989, algorithm 2.1; Nocedal and Wright 2006, algorithm 7.4), as PyTorch's `LBFGS` without
/// line search: a quasi-Newton method whose step is −rate H g, where H approximates the inverse Hessian from the last
/// changes of parameters and gradients. For smooth, deterministic losses, such as that of a picture in style transfer
/// (Gatys et al. 2016).
///
/// It sees all parameters as one vector; one without a gradient counts as having a gradient of zeros. It keeps
/// 2 `history` + 2 vectors of that length.
public final class LBFGS: ReevaluatingOptimizer {
  /// The parameters it changes, in order.
  public let parameters: [Tensor]
  /// The length of an iteration's step along its direction. The first of all is shorter: at most rate / ‖g‖₁.
  public var learningRate: Double
  let iterations: Int
  let evaluations: Int
  let gradientTolerance: Double
  let changeTolerance: Double

  /// The direction of the last iteration and the gradient where it began.
  private let direction, formerGradient: Tensor
  /// The last changes of gradients, y, and of parameters, s, `[history, n]`; pair i is in row i modulo `history`.
  private let gradientChanges, parameterChanges: Tensor
  /// yᵀ s of each row, float64.
  private let products: Tensor
  /// float64: the length of the last step, the diagonal of the first approximation of H, the number of iterations so
  /// far, and the number of pairs so far.
  private let numbers: Tensor

  /// An optimizer that has taken no step.
  ///
  /// - Parameters:
  ///   - iterations: the most iterations of a step that evaluates the loss.
  ///   - evaluations: the most evaluations of such a step, one of which goes before the first iteration; by default 5/4
  ///     of `iterations`.
  ///   - gradientTolerance: a step ends where no element of the gradient is larger.
  ///   - changeTolerance: a step ends where an iteration changes neither the loss nor any parameter by more.
  ///   - history: the number of pairs of changes that make the approximation.
  public init(
    _ parameters: [Tensor], learningRate: Double = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, history: Int = 100
  ) {
    precondition(!parameters.isEmpty && history > 0, "L-BFGS needs parameters and a history of at least 1")
    self.parameters = parameters
    self.learningRate = learningRate
    self.iterations = iterations
    self.evaluations = evaluations ?? iterations * 5 / 4
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    let count = parameters.reduce(0) { $0 + $1.count }
    func vectors(_ shape: [Int]) -> Tensor { .zeros(shape, dtype: parameters[0].dtype, device: parameters[0].device) }
    direction = vectors([count])
    formerGradient = vectors([count])
    gradientChanges = vectors([history, count])
    parameterChanges = vectors([history, count])
    products = .zeros([history], dtype: .float64)
    numbers = Tensor([0.0, 1, 0, 0], shape: [4])
  }

  /// The last direction and gradient, the history, and the numbers of iterations and pairs.
  public var memory: [(name: String, tensor: Tensor)] {
    [
      ("direction", direction), ("former_gradient", formerGradient), ("gradient_changes", gradientChanges),
      ("parameter_changes", parameterChanges), ("products", products), ("numbers", numbers),
    ]
  }

  /// One iteration by these gradients.
  public func step(_ gradients: [Tensor?], averaging average: WeightAverage?, unless flag: StopFlag?) {
    withoutGradient {
      // The host decides on each iteration; so it may as well look.
      if flag?.isRaised == true { return }
      _ = iterate(flat(gradients))
      average?.move(toward: parameters)
    }
  }

  /// Iterations until the gradient or the change is within its tolerance, or their number or that of evaluations is
  /// used up.
  public func step(averaging average: WeightAverage?, _ evaluate: () throws -> Evaluation) rethrows {
    var evaluation = try evaluate()
    var gradient = withoutGradient { flat(evaluation.gradients) }
    guard gradient.abs().max().item > gradientTolerance else { return }
    for iteration in 1...max(iterations, 1) {
      guard let change = withoutGradient({ iterate(gradient) }), iteration < iterations,
        iteration + 1 < evaluations
      else { break }
      let former = evaluation.loss
      evaluation = try evaluate()
      gradient = withoutGradient { flat(evaluation.gradients) }
      guard
        gradient.abs().max().item > gradientTolerance, change > changeTolerance,
        abs(evaluation.loss - former) >= changeTolerance
      else { break }
    }
    withoutGradient { average?.move(toward: parameters) }
  }

  /// One iteration.
  ///
  /// - Returns: the largest change of an element; `nil`, with nothing changed, where the direction does not descend.
  private func iterate(_ gradient: Tensor) -> Double? {
    let former: [Double] = numbers.array()
    var (length, scale, iteration, pairs) = (former[0], former[1], former[2], Int(former[3]))
    if iteration > 0 {
      let (y, s) = (gradient - formerGradient, direction * length)
      let product = dot(y, s)
      if product > 1e-10 {
        let row = pairs % products.count
        gradientChanges[row].copy(from: y)
        parameterChanges[row].copy(from: s)
        products[row].fill(product)
        (pairs, scale) = (pairs + 1, product / dot(y, y))
      }
    }
    direction.copy(from: descent(gradient, pairs, scale))
    formerGradient.copy(from: gradient)
    length = iteration == 0 ? min(1, 1 / gradient.abs().sum().item) * learningRate : learningRate
    iteration += 1
    numbers.copy(from: Tensor([length, scale, iteration, Double(pairs)], shape: [4]))
    guard dot(gradient, direction) <= -changeTolerance else { return nil }
    var start = 0
    for parameter in parameters {
      parameter.add(direction.slice(0, from: start, count: parameter.count).reshaped(parameter.shape), scale: length)
      start += parameter.count
    }
    return (direction * length).abs().max().item
  }

  /// −H g by the two loops of Nocedal and Wright's algorithm 7.4.
  private func descent(_ gradient: Tensor, _ pairs: Int, _ scale: Double) -> Tensor {
    let rows = (max(0, pairs - products.count)..<pairs).map { $0 % products.count }
    let divisors: [Double] = products.array()
    var shares: [Int: Double] = [:]
    let vector = -gradient
    for row in rows.reversed() {
      let share = dot(parameterChanges[row], vector) / divisors[row]
      vector.add(gradientChanges[row], scale: -share)
      shares[row] = share
    }
    vector.multiply(by: scale)
    for row in rows {
      let share = dot(gradientChanges[row], vector) / divisors[row]
      vector.add(parameterChanges[row], scale: (shares[row] ?? 0) - share)
    }
    return vector
  }

  private func dot(_ a: Tensor, _ b: Tensor) -> Double { dotProduct(.tensor(a), .tensor(b)).item }

  private func flat(_ gradients: [Tensor?]) -> Tensor {
    precondition(
      gradients.count == parameters.count, "\(gradients.count) gradients were given for \(parameters.count) parameters")
    return .concatenated(
      zip(parameters, gradients).map { ($1 ?? $0.detached().zerosLike()).to($0.dtype).reshaped(-1) })
  }
}

private let dotProduct = Operation("aten::dot")
