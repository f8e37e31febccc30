import NN
import RunLog
import Samples
import Torch

/// One step of a game: its phases in order, each with the losses, the gradients and the moves of its players.
package struct TrainingStep {
  private let game: any Game
  private let settings: TrainingSettings
  private let seed: UInt64
  private let device: Device
  private let nextBatch: () throws -> Batch
  private let clock: StepClock?

  /// - Parameters:
  ///   - seed: what all random numbers depend on.
  ///   - device: where it computes.
  ///   - clock: told when a part of the step ends.
  ///   - nextBatch: the next batch of data.
  package init(
    _ game: any Game, _ settings: TrainingSettings, seed: UInt64, device: Device = .cpu, clock: StepClock? = nil,
    nextBatch: @escaping () throws -> Batch
  ) {
    (self.game, self.settings, self.seed, self.device) = (game, settings, seed, device)
    (self.clock, self.nextBatch) = (clock, nextBatch)
  }

  /// Plays step number `step` (from 0).
  ///
  /// - Parameter attempt: how often training was rolled back before; another attempt draws other numbers.
  /// - Returns: what the step reported.
  /// - Throws: ``NonFiniteError`` before the move that it would spoil; `TorchError`.
  package func callAsFunction(_ step: Int, attempt: Int) throws -> Scalars {
    let phases = game.phases(at: step)
    let reports = Reports()
    var batches: [Batch] = []
    for (index, phase) in phases.enumerated() where step.isMultiple(of: phase.interval) {
      if !phase.sameBatch || batches.isEmpty {
        batches = try (0..<settings.accumulation).map { _ in try nextBatch() }
      }
      let evaluate = { [batches] (reports: Reports) in
        try evaluated(phase, batches, reports) { part in
          Address(seed: seed, step: step, attempt: attempt, phase: index, part: part)
        }
      }
      let moves = try evaluate(reports)
      try withTorchErrors {
        for player in phase.movers {
          let interval = phases.filter { $0.movers.contains { $0 === player } }.map(\.interval).max() ?? 1
          player.prepare(step: step, interval: interval)
          // What is evaluated again at other parameters is not what the step is shown by.
          try move(player, moves, step: step, reports) { try evaluate(Reports()) }
        }
      }
    }
    return reports.read(game.scalars)
  }

  /// What a phase finds at the present parameters, over all parts of its batch.
  private func evaluated(_ phase: Phase, _ batches: [Batch], _ reports: Reports, _ address: (Int) -> Address) throws
    -> Moves
  {
    var moves = Moves()
    for (part, batch) in batches.enumerated() {
      let turn = Turn(
        address(part), parts: batches.count, batch: batch, precision: settings.precision.dtype, device: device,
        reports: reports, clock: clock)
      try withTorchErrors { try play(phase, turn, &moves) }
    }
    return moves
  }

  /// One part of a phase: the movers' losses and gradients.
  private func play(_ phase: Phase, _ turn: Turn, _ moves: inout Moves) throws {
    switch try phase.play(turn) {
    case .losses(let losses):
      for (player, loss) in losses { try take(loss, of: player, turn, &moves) }
      for (index, (player, loss)) in losses.enumerated() {
        let weighted = phase.interval == 1 ? loss : Double(phase.interval) * loss
        // What a forward pass stored for its backward pass serves the players in turn.
        moves.add(
          gradients(of: weighted.tensor, with: player.parameters, retainGraph: index < losses.count - 1), of: player)
        turn.lap(.backward(player))
      }
    case .gradients(let found):
      for (player, loss, gradients) in found {
        try take(loss, of: player, turn, &moves)
        let weight = Double(phase.interval)
        moves.add(
          phase.interval == 1 ? gradients : withoutGradient { gradients.map { $0.map { $0 * weight } } }, of: player)
      }
    case .values(let values):
      for (player, values) in values { moves.values[ObjectIdentifier(player)] = values }
    }
  }

  private func take(_ loss: Loss, of player: Player, _ turn: Turn, _ moves: inout Moves) throws {
    let value = loss.value
    guard value.isFinite else { throw NonFiniteError(what: "the \(player.name)'s loss") }
    moves.losses[ObjectIdentifier(player), default: 0] += value / Double(turn.parts)
    turn.report(.loss(of: player), loss.tensor)
  }

  /// The player's step, and what follows from it.
  ///
  /// - Parameter again: what the phase finds after the parameters have changed, for an optimizer that asks.
  private func move(_ player: Player, _ moves: Moves, step: Int, _ reports: Reports, again: () throws -> Moves) throws {
    let id = ObjectIdentifier(player)
    if let values = moves.values[id] {
      try player.move(to: values, step: step)
    } else if let sums = moves.gradients[id] {
      let ready = try ReadyGradients(sums, parts: settings.accumulation, of: player)
      reports.take(.gradient(of: player), Tensor(ready.norm, dtype: .float64), part: 0)
      try player.move(along: ready, loss: moves.losses[id] ?? 0, step: step) {
        let moves = try again()
        let sums = moves.gradients[id] ?? player.parameters.map { _ in nil }
        return (moves.losses[id] ?? 0, try ReadyGradients(sums, parts: settings.accumulation, of: player))
      }
    }
    clock?.lap(.moves)
    guard let average = player.average else { return }
    average.moveStatistics(step: step)
    clock?.lap(.average)
  }
}

/// What the parts of a phase found for its movers.
private struct Moves {
  /// Sums over the parts.
  var gradients: [ObjectIdentifier: [Tensor?]] = [:]
  /// Means over the parts.
  var losses: [ObjectIdentifier: Double] = [:]
  var values: [ObjectIdentifier: [Tensor]] = [:]

  mutating func add(_ found: [Tensor?], of player: Player) {
    let former = gradients[ObjectIdentifier(player)]
    gradients[ObjectIdentifier(player)] = former.map { sum($0, found) } ?? found
  }

  private func sum(_ a: [Tensor?], _ b: [Tensor?]) -> [Tensor?] {
    withoutGradient {
      zip(a, b).map { pair in
        guard let x = pair.0, let y = pair.1 else { return pair.0 ?? pair.1 }
        return x + y
      }
    }
  }
}
