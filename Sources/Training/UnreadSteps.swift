import RunLog

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

// A step is played without waiting for the device. What it found is read, with that of the steps before it, when something
// needs it: then people see it, and a run that has broken down goes back as if it had been known at once.
extension Trainer {
  /// Plays one step and writes what is due after it.
  func advance(_ step: TrainingStep, _ observer: Observer) throws {
    if unread.steps.isEmpty { unread.began = (clock.seconds, progress.seconds) }
    (stepIsIncomplete, isNew) = (true, false)
    let findings = try step.play(progress.step, attempt: progress.attempt, at: position)
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
  /// - Throws: ``NonFiniteError`` if one has broken down; the run stands before that step then.
  private func read(_ observer: Observer) throws {
    let (steps, began) = (unread.steps, unread.began)
    unread = UnreadSteps()
    let (results, limit) = (StepFindings.read(steps.map(\.findings)), lastStep)
    let taken = clock.seconds - began.clock
    progress.seconds = began.seconds + taken
    countForPlanning(steps: steps.count, seconds: taken)
    for (index, (step, result)) in zip(steps, results).enumerated() {
      // Of a step that has broken down, and of those after it, nothing stays.
      progress.step = step.number - 1
      let scalars = try result.get()
      (progress.step, stepIsIncomplete) = (step.number, index + 1 < steps.count)
      if let breakdowns = progress.breakdowns, progress.step > breakdowns.furthest { progress.breakdowns = nil }
      pace.add(taken / Double(steps.count))
      try send(
        .stepped(
          StepRecord(
            step: step.number, samples: step.samples,
            seconds: began.seconds + taken * Double(index + 1) / Double(steps.count), scalars: scalars,
            samplesPerSecond: Double(samplesPerStep) / pace.secondsPerStep, stepsLimit: limit,
            secondsLimit: secondsLimit)), observer)
    }
  }
}
