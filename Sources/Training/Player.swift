import NN
import Torch

/// Somebody who moves in a game: a name, parameters, how a gradient becomes a step, and perhaps an average of the parameters.
///
/// Where a player moves in a phase that is played at every k-th step and in others too, its Adam is adapted as StyleGAN2 does
/// (Karras et al. 2020, appendix B): with c = k / (k + 1), the learning rate times c, and betas to the power of c.
public final class Player {
  /// Its name, as in "critic.learning_rate", "critic.conv1.weight" or "loss_critic".
  public let name: String
  /// What a chart or a table calls it, as in "D".
  public let symbol: String
  /// How it moves.
  public let settings: PlayerSettings
  /// The tensors of its networks by name, in a fixed order.
  public let entries: [StateDict.Entry]
  /// Those that gradients change.
  private let moving: [StateDict.Entry]
  /// Running means of its parameters.
  public let averages: [Average]
  /// What turns gradients into steps.
  package let optimizer: any Optimizer
  private let schedule: LearningRateSchedule
  private let projection: (([Tensor]) -> Void)?

  /// A player that has not moved yet.
  ///
  /// - Parameters:
  ///   - symbol: what a chart calls it; its name by default.
  ///   - network: the network that it is.
  ///   - averages: means that move after each of its steps.
  ///   - frozen: the names of parameters that stay as they are, of a network without an average.
  ///   - optimizer: makes another optimizer than the settings name, as L-BFGS; the learning rate is still that of the settings.
  ///   - projection: brings its parameters back to where they may be after each of its steps, as WGAN's clipping does.
  public convenience init(
    _ name: String, symbol: String? = nil, _ network: any Module, _ settings: PlayerSettings = PlayerSettings(),
    averages: [Average] = [], frozen: Set<String> = [], optimizer: (([Tensor]) -> any Optimizer)? = nil,
    projection: (([Tensor]) -> Void)? = nil
  ) {
    self.init(
      name, symbol: symbol, entries: network.state.entries, settings, averages: averages, frozen: frozen,
      optimizer: optimizer, projection: projection)
  }

  /// A player of several networks that move by one optimizer.
  ///
  /// - Parameter networks: each network under the name that its tensors are prefixed by, as in "ab.conv1.weight".
  public convenience init(
    _ name: String, _ networks: KeyValuePairs<String, any Module>, _ settings: PlayerSettings = PlayerSettings()
  ) {
    let entries = networks.flatMap { part, network in network.state.entries.map { $0.renamed("\(part).\($0.name)") } }
    self.init(name, symbol: nil, entries: entries, settings, averages: [], frozen: [], optimizer: nil, projection: nil)
  }

  private init(
    _ name: String, symbol: String?, entries: [StateDict.Entry], _ settings: PlayerSettings, averages: [Average],
    frozen: Set<String>, optimizer: (([Tensor]) -> any Optimizer)?, projection: (([Tensor]) -> Void)?
  ) {
    (self.name, self.settings, self.entries, self.averages) = (name, settings, entries, averages)
    self.symbol = symbol ?? name
    self.projection = projection
    precondition(averages.isEmpty || frozen.isEmpty, "\(name) has an average, which moves with all of its parameters")
    moving = entries.filter { $0.isParameter && !frozen.contains($0.name) }
    for entry in entries where frozen.contains(entry.name) { entry.tensor.requiringGradient(false) }
    let parameters = moving.map(\.tensor)
    self.optimizer = optimizer.map { $0(parameters) } ?? settings.makeOptimizer(parameters)
    schedule = settings.learningRateSchedule
  }

  /// The first of its averages.
  public var average: Average? { averages.first }
  /// What gradients change: all parameters but frozen ones.
  public var parameters: [Tensor] { optimizer.parameters }
  /// The name of each parameter, in their order.
  var parameterNames: [String] { moving.map(\.name) }
  /// The number of elements of all parameters, frozen ones included.
  public var parameterCount: Int { entries.reduce(0) { $0 + ($1.isParameter ? $1.tensor.count : 0) } }

  /// What a checkpoint calls its tensors.
  var tensors: [(name: String, tensor: Tensor)] { entries.map { ("\(name).\($0.name)", $0.tensor) } }
  /// Those that gradients change.
  var parameterTensors: [(name: String, tensor: Tensor)] {
    moving.map { ("\(name).\($0.name)", $0.tensor) }
  }
  /// What a checkpoint calls the memory of its optimizer.
  var optimizerTensors: [(name: String, tensor: Tensor)] {
    optimizer.memory.map { ("\(name)_optimizer.\($0.name)", $0.tensor) }
  }

  /// Sets learning rate and betas for a step.
  ///
  /// - Parameters:
  ///   - position: where the step stands on the schedule.
  ///   - interval: that of the laziest phase in which the player moves.
  func prepare(at position: Double, interval: Int) {
    optimizer.learningRate = settings.learningRate * schedule.factor(at: position)
    optimizer.lazyFactor = interval == 1 ? 1 : Double(interval) / Double(interval + 1)
  }

  /// Goes along its gradient, unless `flag` is raised.
  ///
  /// - Parameters:
  ///   - found: the gradient and its loss.
  ///   - again: the same after the parameters have changed, for an optimizer that asks.
  /// - Throws: ``NonFiniteError`` of an optimizer that asks, before a move that would spoil it.
  func move(along found: LossAndGradient, step: Int, unless flag: StopFlag, again: () throws -> LossAndGradient) throws
  {
    let weights = averages.first?.weights(step: step)
    if let optimizer = optimizer as? any ReevaluatingOptimizer {
      guard !flag.isRaised else { return }
      var first: LossAndGradient? = found
      try optimizer.step(averaging: weights) {
        defer { first = nil }
        return try (first ?? again()).read(self)
      }
    } else {
      optimizer.step(found.gradients.values, averaging: weights, unless: flag)
    }
    moveAverages(from: 1, step: step, unless: flag)
    projection?(parameters)
  }

  /// Takes new values of its parameters, unless `flag` is raised.
  func move(to values: [Tensor], step: Int, unless flag: StopFlag) {
    precondition(
      values.map(\.shape) == parameters.map(\.shape),
      "\(name) was given values of the shapes \(values.map(\.shape)) for parameters of \(parameters.map(\.shape))")
    withoutGradient {
      flag.copy(values, over: parameters)
      moveAverages(from: 0, step: step, unless: flag)
    }
    projection?(parameters)
  }

  /// Moves averages toward the parameters: those from number `first` on. Most optimizers move the first themselves.
  private func moveAverages(from first: Int, step: Int, unless flag: StopFlag) {
    for average in averages.dropFirst(first) { average.weights(step: step).move(toward: parameters, unless: flag) }
  }
}

/// A loss of a player at its present parameters and its gradient, on the device.
struct LossAndGradient {
  let loss: Tensor
  let gradients: ReadyGradients

  /// Both for an optimizer that decides on the host.
  ///
  /// - Throws: ``NonFiniteError`` if one is infinite or not a number.
  fileprivate func read(_ player: Player) throws -> ReevaluatingOptimizer.Evaluation {
    if let what = Suspect(player, loss: loss, gradients).nonFinite { throw NonFiniteError(what: what) }
    return (loss.item, gradients.values)
  }
}
