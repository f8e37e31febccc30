import RunLog
import Torch

/// Steps that have been played and whose findings are still on the device.
struct UnreadSteps {
  /// One of them, as it will be logged.
  struct Step {
    /// Its number, from 1.
    let number: Int
    /// Samples taken up to its end.
    let samples: Int
    let findings: StepFindings
  }

  /// In order.
  var steps: [Step] = []
  /// What the clock said, and the training time, when the first of them began.
  var began = (clock: 0.0, seconds: 0.0)
}

// A step is played without waiting for the device. What the steps found is read together, before anything is shown, judged or
// saved, or after `stepsBetweenReads` steps. A run that has broken down goes back as if that had been known at once.
extension Trainer {
  /// Plays one step and writes what is due after it.
  func advance(_ step: TrainingStep, _ observer: Observer) throws {
    if unread.steps.isEmpty { unread.began = (clock.seconds, progress.seconds) }
    (stepIsIncomplete, isNew) = (true, false)
    let findings: StepFindings
    do {
      findings = try step.play(progress.step, attempt: progress.attempt, at: position)
    } catch {
      // The steps before it are whole, or one of them broke down first.
      try read(observer)
      throw error
    }
    stepIsIncomplete = false
    progress.step += 1
    unread.steps.append(UnreadSteps.Step(number: progress.step, samples: samples, findings: findings))
    if unread.steps.count < stepsBetweenReads {
      progress.seconds = unread.began.seconds + clock.seconds - unread.began.clock
      guard isReadingDue else { return }
    }
    try read(observer)
    try planWhenDue(observer)
    if isPreviewStep(progress.step) { try writePreview(observer) }
    // Judged first, so that the checkpoint knows of it.
    try judgeWhenDue(observer)
    if progress.step % settings.checkpointEvery == 0 { try save(observer) }
  }

  /// Whether something comes after this step that must know whether all is well.
  private var isReadingDue: Bool {
    stopReason != nil || isPreviewStep(progress.step) || progress.step % settings.checkpointEvery == 0
      || isJudgementDue() || isPlanningDue
  }

  /// Reads and tells what the unread steps have found.
  ///
  /// - Throws: ``NonFiniteError`` if one has broken down; the run stands before that step then. What the observer throws;
  ///   the steps after the one that it was told are still unread then.
  func read(_ observer: Observer) throws {
    guard !unread.steps.isEmpty else { return }
    let results = try withTorchErrors { StepFindings.read(unread.steps.map(\.findings)) }
    let limit = lastStep
    let taken = clock.seconds - unread.began.clock
    progress.seconds = unread.began.seconds + taken
    let share = taken / Double(unread.steps.count)
    for result in results {
      let step = unread.steps.removeFirst()
      if case .failure(let error) = result {
        // Of a step that has broken down, and of those after it, nothing stays.
        (unread, progress.step, stepIsIncomplete) = (UnreadSteps(), step.number - 1, true)
        throw error
      }
      if let breakdowns = progress.breakdowns, step.number > breakdowns.furthest { progress.breakdowns = nil }
      unread.began = (unread.began.clock + share, unread.began.seconds + share)
      pace.add(share)
      countForPlanning(steps: 1, seconds: share)
      try send(
        .stepped(
          StepRecord(
            step: step.number, samples: step.samples, seconds: unread.began.seconds, scalars: try result.get(),
            samplesPerSecond: Double(game.samplesPerStep(training, at: step.number)) / pace.secondsPerStep,
            stepsLimit: limit, secondsLimit: secondsLimit)), observer)
    }
  }
}
