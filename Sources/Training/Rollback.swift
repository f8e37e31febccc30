import Files
import RunLog

// What a run does when a step has broken down.
extension Trainer {
  /// How often a run may be rolled back without getting past the step that broke down. Single accidents, however many,
  /// do not end a run; and since only a step further than all before starts the count again, a run that is broken ends.
  private static let mostAttempts = 3

  /// Returns to the newest valid checkpoint, from where other random numbers are drawn.
  ///
  /// - Returns: why the run must end: it does not get past this step, or there is nothing to return to.
  func rollBack(_ error: NonFiniteError, _ observer: Observer) throws -> StopReason? {
    let former = progress
    let culprit = game.firstNonFiniteThatMoves().map { " (\($0) holds what is not)" } ?? ""
    let what = "\(error)\(culprit)"
    var damaged: [FileError] = []
    do {
      progress = try newestCheckpoint { damaged.append($0) }
    } catch let failure as TrainingError {
      return .guardTripped("\(what) at step \(former.step); \(failure)")
    }
    for error in damaged { try send(.warned(step: progress.step, message: "passed over: \(error)"), observer) }
    stepIsIncomplete = false
    loader.seek(to: progress.batches)
    (savedStep, previewedStep) = (nil, nil)
    progress.seconds = former.seconds
    // Plans hold for steps, however often they are made.
    progress.planning = former.planning
    // What was found and spent stays so; the file of the best model is still there.
    progress.evaluations = former.evaluations
    progress.evaluations.lastStep = nil
    (progress.attempt, progress.breakdowns) = (former.attempt, former.breakdowns)
    guard (former.breakdowns?.count ?? 0) < Self.mostAttempts else {
      return .guardTripped(
        "\(what) at step \(former.step), after \(Self.mostAttempts) attempts with other random numbers")
    }
    progress.attempt += 1
    progress.breakdowns = Breakdowns(adding: former.step, to: former.breakdowns)
    try send(
      .rolledBack(from: former.step, to: progress.step, attempt: progress.attempt, reason: what), observer)
    // The checkpoint must know of the attempt, or a run that is killed now would go on as if there had been none.
    try save(observer)
    return nil
  }

  /// Reads the newest valid checkpoint into the game.
  ///
  /// - Throws: ``TrainingError`` when there is none; the game is unchanged then.
  func newestCheckpoint(_ skipped: (FileError) -> Void) throws -> Progress {
    for checkpoint in try run.checkpoints() {
      do {
        return try Checkpoint.read(checkpoint.path, into: game)
      } catch {
        skipped(error)
      }
    }
    throw TrainingError(
      "\(run.path) has no valid checkpoint to resume from; start again: "
        + "gan train --recipe \(run.recipe.shellQuoted)")
  }
}
