import Files

/// What a trainer knows in order to judge its generator.
struct Judging {
  /// Held-out data, where there are any.
  let heldOut: Dataset?
  /// Made when the first evaluation is due.
  var evaluator: Evaluator?
  /// Why there are no evaluations, once that is known.
  var refusal: String?
}

// How a run judges its generator, and what it does about the verdict.
extension Trainer {
  /// Judges the averaged generator if that is due now.
  func judgeWhenDue(_ observer: Observer, atEnd: Bool = false) throws {
    let schedule = EvaluationSchedule(settings.judging)
    guard judging.refusal == nil, !isTorn,
      schedule.isDue(
        step: progress.step, trainingSeconds: progress.seconds, history: progress.evaluations, atEnd: atEnd)
    else { return }
    do {
      try judge(try evaluator(observer), observer)
    } catch let error where error is MetricError || error is GANError || error is FileError || error is DataError {
      judging.refusal = "\(error)"
      try tell(.warned(step: progress.step, message: "\(error); the run goes on without being judged"), observer)
    }
  }

  private func judge(_ evaluator: Evaluator, _ observer: Observer) throws {
    let began = ContinuousClock.now
    let sampler = Sampler(game.average, seed: derivedSeed(settings.seed, Purpose.evaluation.rawValue))
    let evaluation = try evaluator(GeneratedSamples(sampler, kind: data.kind, count: settings.judging.count))
    let cost = (ContinuousClock.now - began).seconds
    let isBest = progress.evaluations.add(
      step: progress.step, cost: cost, metric: evaluation.decisive, values: evaluation.values)
    // A checkpoint of this step would not know of it.
    savedStep = nil
    if isBest { try surviving(observer) { try GeneratorFile.write(game.average, kind: data.kind, to: run.best) } }
    try surviving(observer) { try evaluation.writePictures(nearest: run.nearestPictures, classes: run.classPictures) }
    try tell(
      .evaluated(
        EvaluationRecord(
          step: progress.step, seconds: progress.seconds, cost: cost, totalCost: progress.evaluations.totalCost,
          isBest: isBest, metrics: evaluation.records)), observer)
  }

  /// What judges, made when it is first needed.
  func evaluator(_ observer: Observer) throws -> Evaluator {
    if let made = judging.evaluator { return made }
    var refused: (any Error)?
    let made = try Evaluator(
      data, of: DataSource(settings.data), heldOut: judging.heldOut, settings: settings.judging, isTraining: true,
      needed: settings.limits.goal?.metrics ?? [], mayTrain: mayTrainClassifier, options: settings.loadOptions
    ) { line in
      do {
        try tell(.noted(step: progress.step, message: line), observer)
      } catch {
        refused = error
      }
    }
    if let refused { throw refused }
    judging.evaluator = made
    return made
  }

  /// A classifier takes minutes, but that of the drawn digits seconds.
  private var mayTrainClassifier: Bool {
    settings.judging.isAskedFor(settings.limits)
      || ["digits", "digits-color", "stacked-digits"].contains(settings.data)
  }

  /// Why the evaluations so far end the run, if they do.
  var verdict: StopReason? {
    let history = progress.evaluations
    if let goal = settings.limits.goal, goal.isMet(by: history.values) {
      return .reached("\(goal) at step \(history.lastStep ?? progress.step)")
    }
    guard let patience = settings.limits.patience, history.sinceBest >= patience, let best = history.best else {
      return nil
    }
    let why = "no better value in \(patience) evaluations than \(best.value) at step \(best.step)"
    return settings.limits.goal.map { .unmet("\($0), but there was \(why)") } ?? .reached("the patience's end: \(why)")
  }
}
