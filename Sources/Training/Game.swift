import Metrics
import RunLog
import Datasets
import Samples
import Torch

/// What is played: who moves, by which losses, and which model comes out of it. All that training knows of what it trains.
///
/// A game of your own needs players, phases and a product; a trainer then gives it checkpoints that resume exactly, alarms,
/// evaluations, previews and files to ship. With two players that move in turns:
///
/// ```swift
/// final class Textbook: Game {
///   let a, b: Player                                  // each around a network
///   var players: [Player] { [a, b] }
///   var product: any Model { network }
///   func phases(at step: Int) -> [Phase] {
///     [
///       Phase("a", moves: a) { turn in lossOfA(turn.batch, turn) },
///       Phase("b", moves: b, sameBatch: true) { turn in lossOfB(turn.batch, turn) },
///     ]
///   }
/// }
/// ```
public protocol Game: AnyObject {
  /// Who moves. Their names differ; they stand in checkpoints, logs and settings.
  var players: [Player] { get }
  /// The phases of step number `step` (from 0), in the order in which they are played. They may change from step to step, as
  /// in a game that begins with pretraining; the random numbers of a phase depend on its place in the list.
  func phases(at step: Int) -> [Phase]
  /// What the batches are drawn from: the columns of `data`, each row perhaps changed on the way, as by random crops, and of
  /// further data sets.
  ///
  /// - Throws: `DataError` when the data lack a column or do not suit a change.
  func feeds(of data: Dataset) throws -> [Feed]
  /// What a checkpoint must hold besides the players: tensors that phases change themselves, as running means of scores.
  var memory: [(name: String, tensor: Tensor)] { get }
  /// What is shown, judged and shipped.
  var product: any Model { get }
  /// What could be the ``product``, where there is a choice: when a run ends, the best is chosen, by the metric that decides.
  var candidates: [Candidate] { get }
  /// What a step reports, in the order in which people are shown it. The engine reports each player's loss and the norm of
  /// its gradient where ``Scalar/loss(of:)`` and ``Scalar/gradient(of:)`` are listed; ``Turn/report(_:_:)`` the rest.
  var scalars: [Scalar] { get }
  /// What watches a run of this game for signs of trouble.
  var alarms: [any Alarm] { get }
  /// The metrics by which the product can be judged: those that suit the data are taken, and a goal can name any.
  var metrics: MetricCatalogue { get }
  /// Draws what has been learnt so far.
  ///
  /// - Parameters:
  ///   - data: what the run trains on.
  ///   - heldOut: data of the same kind that the run does not train on, where there are any.
  ///   - seed: the same at each preview of a run, so that previews can be compared.
  func preview(_ data: Dataset, heldOut: Dataset?, seed: UInt64) throws -> Preview
  /// Further previews for the run folder, by the names of their files without extension; the report shows `groups`.
  func exhibits(of data: Dataset, seed: UInt64) throws -> [(name: String, preview: Preview)]
}

extension Game {
  /// All columns of the data, as they are.
  public func feeds(of data: Dataset) throws -> [Feed] { [try Feed(data)] }
  /// None.
  public var memory: [(name: String, tensor: Tensor)] { [] }
  /// None: there is no choice.
  public var candidates: [Candidate] { [] }
  /// Each player's loss and the norm of its gradient.
  public var scalars: [Scalar] { players.map { .loss(of: $0) } + players.map { .gradient(of: $0) } }
  /// Those of the package.
  public var metrics: MetricCatalogue { .standard }
  /// Whether losses or gradients explode, or the distance to the data grows again.
  public var alarms: [any Alarm] { [DivergenceAlarm(self)] }
  /// Samples of the ``product``, over data where there is room for both.
  public func preview(_ data: Dataset, heldOut: Dataset?, seed: UInt64) throws -> Preview {
    try Sampler(product, seed: seed, classes: .inTurn, of: data).preview(over: data)
  }

  /// None.
  public func exhibits(of data: Dataset, seed: UInt64) throws -> [(name: String, preview: Preview)] { [] }

  /// Where its players' parameters are, and steps compute.
  public var device: Device { players.lazy.flatMap(\.parameters).first?.device ?? .cpu }

  /// Every tensor of the game by name, in a fixed order: what a checkpoint holds.
  package var tensors: [(name: String, tensor: Tensor)] {
    players.flatMap(\.tensors) + players.flatMap(\.averages).flatMap(\.tensors) + players.flatMap(\.optimizerTensors)
      + memory
  }

  /// The name of the first tensor that holds something infinite or not a number.
  package func firstNonFinite() -> String? { firstNonFinite(of: tensors) }

  /// The same of what moves alone: parameters, their averages and the memory of optimizers. A broken step and those after
  /// it leave that as it was, but not the buffers of networks.
  func firstNonFiniteThatMoves() -> String? {
    firstNonFinite(
      of: players.flatMap(\.parameterTensors) + players.flatMap(\.averages).flatMap(\.parameterTensors)
        + players.flatMap(\.optimizerTensors))
  }

  private func firstNonFinite(of tensors: [(name: String, tensor: Tensor)]) -> String? {
    let floating = tensors.filter { $0.tensor.dtype.isFloatingPoint }
    if floating.map(\.tensor).totalNorm().item.isFinite { return nil }
    // A norm can overflow where every element is finite, so the elements decide.
    return floating.first { !$0.tensor.isFinite }?.name
  }
}

/// What could be a game's product.
public struct Candidate {
  /// What people call it, as in "the average over 500 steps".
  public let name: String
  /// The model.
  public let model: any Model
  /// Makes it the game's product.
  public let choose: () -> Void

  /// A candidate; its choice must be part of the game's ``Game/memory``, so that a run that goes on knows of it.
  public init(_ name: String, _ model: any Model, choose: @escaping () -> Void) {
    (self.name, self.model, self.choose) = (name, model, choose)
  }
}

/// A part of a training step: who moves, how often, and by which losses. A step is a list of phases, so that several moves of
/// one player, simultaneous moves, lazy terms and a shared backward pass are values and not branches of the trainer.
public struct Phase {
  /// What people call it.
  public let name: String
  /// The players who move, all from the same parameters.
  public let movers: [Player]
  /// The phase is played at every so many steps, from step 0 on, with as many times its losses. The Adam of a player that also
  /// moves in other phases is adapted to that: see ``Player``.
  public let interval: Int
  /// Whether it goes on with the batch of the phase before instead of taking the next one.
  public let sameBatch: Bool
  let play: (Turn) throws -> Outcome

  /// A phase of several movers, or one whose outcome is no loss.
  public init(
    _ name: String, moves movers: [Player], every interval: Int = 1, sameBatch: Bool = false,
    _ play: @escaping (Turn) throws -> Outcome
  ) {
    precondition(interval > 0, "phase '\(name)' cannot be played at every \(interval) steps")
    (self.name, self.movers, self.interval, self.sameBatch, self.play) = (name, movers, interval, sameBatch, play)
  }

  /// A phase of one mover, which goes along the gradient of a loss.
  public init(
    _ name: String, moves mover: Player, every interval: Int = 1, sameBatch: Bool = false,
    _ loss: @escaping (Turn) throws -> Loss
  ) {
    self.init(name, moves: [mover], every: interval, sameBatch: sameBatch) { .losses([(mover, try loss($0))]) }
  }
}

/// What a phase finds for its movers, or for a part of its batch.
public enum Outcome {
  /// The loss of each mover, who goes along its gradient with regard to its own parameters.
  case losses([(player: Player, loss: Loss)])
  /// Gradients that the phase took itself, as where one backward pass serves two players, in the order of the movers'
  /// parameters, and the losses they belong to.
  case gradients([(player: Player, loss: Loss, gradients: [Tensor?])])
  /// The movers' new parameters, in their order, as an M-step of EM gives them. Of an accumulated batch those of the last part
  /// count: the phase sums up over the parts itself.
  case values([(player: Player, values: [Tensor])])
}
