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
  private let flag: StopFlag
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
    (self.game, self.settings, self.seed, self.device) = (game, settings, seed, game.device)
    (self.clock, self.nextBatch) = (clock, nextBatch)
    flag = StopFlag(on: device)
  }

  /// Plays step number `step` (from 0) and reads what it found.
  ///
  /// - Parameter attempt: how often training was rolled back before; another attempt draws other numbers.
  /// - Throws: ``NonFiniteError`` if something was infinite or not a number, before the move that it would have spoilt;
  ///   `TorchError`.
  package func callAsFunction(_ step: Int, attempt: Int) throws -> Scalars {
    try StepFindings.read([try play(step, attempt: attempt)])[0].get()
  }

  /// Lets players move again, after the game has gone back to where everything was finite.
  package func goOn() { flag.lower() }

  /// Plays step number `step` (from 0).
  ///
  /// - Parameters:
  ///   - attempt: how often training was rolled back before; another attempt draws other numbers.
  ///   - position: where the step stands on the schedules of the players, if not at its number.
  /// - Returns: what the step found, on the device. If that is not finite, no player has moved since, nor does one in
  ///   further steps until ``goOn()``.
  /// - Throws: `TorchError`; ``NonFiniteError`` of optimizers that decide on the host, as L-BFGS, whose steps read values.
  package func play(_ step: Int, attempt: Int, at position: Double? = nil) throws -> StepFindings {
    let phases = game.phases(at: step)
    let reports = Reports()
    var suspects: [Suspect] = []
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
      let results = try evaluate(reports)
      try withTorchErrors {
        // Nobody moves before all that this phase has found is known to be finite.
        let moves = phase.movers.map { Move($0, results, parts: settings.accumulation, on: device) }
        for move in moves {
          move.suspect?.raise(flag)
          if let norm = move.evaluation?.gradients.norm { reports.take(.gradient(of: move.player), norm, part: 0) }
        }
        suspects += moves.compactMap(\.suspect)
        for move in moves {
          let interval = phases.filter { $0.movers.contains { $0 === move.player } }.map(\.interval).max() ?? 1
          move.player.prepare(at: position ?? Double(step), interval: interval)
          // What is evaluated again at other parameters is not what the step is shown by.
          try make(move, step: step) { try evaluate(Reports()) }
        }
      }
    }
    return try withTorchErrors { StepFindings(reports, of: game.scalars, suspects, flag) }
  }

  /// What a phase finds at the present parameters, over all parts of its batch.
  private func evaluated(_ phase: Phase, _ batches: [Batch], _ reports: Reports, _ address: (Int) -> Address) throws
    -> PhaseResults
  {
    var results = PhaseResults()
    for (part, batch) in batches.enumerated() {
      let turn = Turn(
        address(part), parts: batches.count, batch: batch, precision: settings.precision.dtype(on: device),
        device: device, reports: reports, clock: clock)
      try withTorchErrors { try play(phase, turn, &results) }
    }
    return results
  }

  /// One part of a phase: the movers' losses and gradients.
  private func play(_ phase: Phase, _ turn: Turn, _ results: inout PhaseResults) throws {
    switch try phase.play(turn) {
    case .losses(let losses):
      for (player, loss) in losses { take(loss, of: player, turn, &results) }
      for (index, (player, loss)) in losses.enumerated() {
        let weighted = phase.interval == 1 ? loss : Double(phase.interval) * loss
        // What a forward pass stored for its backward pass serves the players in turn.
        results.add(
          gradients(of: weighted.tensor, with: player.parameters, retainGraph: index < losses.count - 1), of: player)
        turn.lap(.backward(player))
      }
    case .gradients(let found):
      for (player, loss, gradients) in found {
        take(loss, of: player, turn, &results)
        let weight = Double(phase.interval)
        results.add(
          phase.interval == 1 ? gradients : withoutGradient { gradients.map { $0.map { $0 * weight } } }, of: player)
      }
    case .values(let values):
      for (player, values) in values { results.values[ObjectIdentifier(player)] = values }
    }
  }

  private func take(_ loss: Loss, of player: Player, _ turn: Turn, _ results: inout PhaseResults) {
    results.add(loss.tensor.detached().reshaped([]), of: player, parts: turn.parts)
    turn.report(.loss(of: player), loss.tensor)
  }

  /// The player's step, and what follows from it.
  ///
  /// - Parameter again: what the phase finds after the parameters have changed, for an optimizer that asks.
  private func make(_ move: Move, step: Int, again: () throws -> PhaseResults) throws {
    let player = move.player
    if let values = move.values {
      player.move(to: values, step: step, unless: flag)
    } else if let evaluation = move.evaluation {
      try player.move(along: evaluation, step: step, unless: flag) {
        guard let found = try again().evaluation(of: player, parts: settings.accumulation, on: device) else {
          preconditionFailure("a phase that is played again has no loss of the \(player.name), and had one before")
        }
        return found
      }
    }
    clock?.lap(.moves)
    guard !player.averages.isEmpty else { return }
    for average in player.averages { average.moveStatistics(step: step) }
    clock?.lap(.average)
  }
}

/// What a player is to move by: new values, or a gradient; nothing if the phase has found neither.
private struct Move {
  let player: Player
  let values: [Tensor]?
  let evaluation: LossAndGradient?
  /// What of it can be infinite or not a number.
  let suspect: Suspect?

  init(_ player: Player, _ results: PhaseResults, parts: Int, on device: Device) {
    self.player = player
    values = results.values[ObjectIdentifier(player)]
    evaluation = values == nil ? results.evaluation(of: player, parts: parts, on: device) : nil
    suspect =
      values.map { Suspect(player, to: $0) } ?? evaluation.map { Suspect(player, loss: $0.loss, $0.gradients) }
  }
}

/// What the parts of a phase found for its movers.
private struct PhaseResults {
  /// Sums over the parts.
  private var gradients: [ObjectIdentifier: [Tensor?]] = [:]
  /// Means over the parts.
  private var losses: [ObjectIdentifier: Tensor] = [:]
  var values: [ObjectIdentifier: [Tensor]] = [:]

  /// The loss and the gradients of a player; nil if the phase has found none.
  func evaluation(of player: Player, parts: Int, on device: Device) -> LossAndGradient? {
    guard let sums = gradients[ObjectIdentifier(player)], let loss = losses[ObjectIdentifier(player)] else {
      return nil
    }
    return LossAndGradient(loss: loss, gradients: ReadyGradients(sums, parts: parts, of: player, on: device))
  }

  /// Adds the loss of one of `parts`.
  mutating func add(_ loss: Tensor, of player: Player, parts: Int) {
    withoutGradient {
      let share = parts == 1 ? loss : loss * (1 / Double(parts))
      let former = losses[ObjectIdentifier(player)]
      losses[ObjectIdentifier(player)] = former.map { $0 + share } ?? share
    }
  }

  mutating func add(_ found: [Tensor?], of player: Player) {
    let former = gradients[ObjectIdentifier(player)]
    gradients[ObjectIdentifier(player)] = former.map { $0.adding(found) } ?? found
  }
}

extension [Tensor?] {
  /// Sums of gradients of the same parameters; nil where neither loss depends on one.
  package func adding(_ other: [Tensor?]) -> [Tensor?] {
    withoutGradient {
      zip(self, other).map { pair in
        guard let x = pair.0, let y = pair.1 else { return pair.0 ?? pair.1 }
        return x + y
      }
    }
  }
}
