import NN
import RunLog
import Samples
import Torch

/// One step of a game: its phases in order, each with the losses, the gradients and the moves of its players.
package struct TrainingStep {
  private let game: any Game
  private let settings: TrainingSettings
  private let seed: UInt64
  private let nextBatch: () throws -> Batch
  private let clock: StepClock?

  /// - Parameters:
  ///   - seed: what all random numbers depend on.
  ///   - clock: told when a part of the step ends.
  ///   - nextBatch: the next batch of data.
  package init(
    _ game: any Game, _ settings: TrainingSettings, seed: UInt64, clock: StepClock? = nil,
    nextBatch: @escaping () throws -> Batch
  ) {
    (self.game, self.settings, self.seed, self.clock, self.nextBatch) = (game, settings, seed, clock, nextBatch)
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
      if !phase.sameBatch { batches = [] }
      var moves = Moves()
      for part in 0..<settings.accumulation {
        if batches.count <= part { batches.append(try nextBatch()) }
        let address = Address(seed: seed, step: step, attempt: attempt, phase: index, part: part)
        let turn = Turn(
          address, parts: settings.accumulation, batch: batches[part], precision: settings.precision.dtype,
          reports: reports, clock: clock)
        try withTorchErrors { try play(phase, turn, &moves) }
      }
      try withTorchErrors {
        for player in phase.movers {
          let interval = phases.filter { $0.movers.contains { $0 === player } }.map(\.interval).max() ?? 1
          try move(player, moves, step: step, interval: interval, reports)
        }
      }
    }
    return reports.read(game.scalars)
  }

  /// One part of a phase: the movers' losses and gradients, all at the present parameters.
  private func play(_ phase: Phase, _ turn: Turn, _ moves: inout Moves) throws {
    switch try phase.play(turn) {
    case .losses(let losses):
      for (player, loss) in losses { try check(loss, of: player, turn) }
      for (index, (player, loss)) in losses.enumerated() {
        let weighted = phase.interval == 1 ? loss : Double(phase.interval) * loss
        // What a forward pass stored for its backward pass serves the players in turn.
        moves.add(
          gradients(of: weighted.tensor, with: player.parameters, retainGraph: index < losses.count - 1), of: player)
        turn.lap(.backward(player))
      }
    case .gradients(let found):
      for (player, loss, gradients) in found {
        try check(loss, of: player, turn)
        moves.add(gradients, of: player)
      }
    case .values(let values):
      for (player, values) in values { moves.values[ObjectIdentifier(player)] = values }
    }
  }

  private func check(_ loss: Loss, of player: Player, _ turn: Turn) throws {
    guard loss.value.isFinite else { throw NonFiniteError(what: "the \(player.name)'s loss") }
    turn.report(.loss(of: player), loss.tensor)
  }

  /// The player's step, and what follows from it.
  private func move(_ player: Player, _ moves: Moves, step: Int, interval: Int, _ reports: Reports) throws {
    if let values = moves.values[ObjectIdentifier(player)] {
      try player.move(to: values, step: step)
    } else if let sums = moves.gradients[ObjectIdentifier(player)] {
      let norm = try player.move(along: sums, parts: settings.accumulation, step: step, interval: interval)
      reports.take(.gradient(of: player), Tensor(norm, dtype: .float64), part: 0)
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
