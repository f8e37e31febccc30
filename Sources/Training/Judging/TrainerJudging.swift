import Datasets
import Files
import Metrics
import RunLog
import Torch

/// What a trainer knows in order to judge its product.
struct Judging {
  /// Held-out data, where there are any.
  let heldOut: Dataset?
  /// Made when the first evaluation is due.
  var evaluator: Evaluator?
  /// Why there are no evaluations, once that is known.
  var refusal: String?
  /// Why the newest evaluation failed, if it did.
  var failure: String?
}

// How a run judges its product, and what it does about the result.
extension Trainer {
  /// Judges the product if that is due now.
  func judgeWhenDue(_ observer: Observer, atEnd: Bool = false) throws {
    guard isJudgementDue(atEnd: atEnd), !stepIsIncomplete, let evaluator = try possibleEvaluator(observer) else {
      return
    }
    try judge(evaluator, observer)
  }

  /// What judges; nil, after a warning, where the product cannot be judged.
  private func possibleEvaluator(_ observer: Observer) throws -> Evaluator? {
    do {
      return try evaluator(observer)
    } catch let error where error is MetricError || error is TrainingError || error is FileError || error is DataError {
      judging.refusal = "\(error)"
      try send(.warned(step: progress.step, message: "\(error); the run continues without evaluations"), observer)
      return nil
    }
  }

  /// Whether the product is to be judged after the present step.
  func isJudgementDue(atEnd: Bool = false) -> Bool {
    var history = progress.evaluations
    // A goal that was set since the last evaluation asks for what that did not measure.
    if atEnd, let goal = settings.limits.goal, !goal.isMeasured(by: history.values) { history.lastStep = nil }
    return isDue(history, atEnd: atEnd, evaluations: atEnd ? 1 : evaluationsAtEnd)
  }

  /// How many evaluations the end of the run takes: where there is a choice, one of each candidate, too.
  private var evaluationsAtEnd: Int {
    let candidates = game.candidates.count
    return candidates > 1 ? candidates + 1 : 1
  }

  private func isDue(_ history: EvaluationHistory, atEnd: Bool, evaluations: Int = 1) -> Bool {
    judging.refusal == nil
      && EvaluationSchedule(settings.judging, settings.limits).isDue(
        step: progress.step, trainingSeconds: progress.seconds, history: history, atEnd: atEnd, evaluations: evaluations
      )
  }

  /// Makes the best of the game's candidates its product, by the metric that decides and by other samples than those of
  /// evaluations: the best of several values flatters; then judges it. Candidates are left as they are where evaluations are not
  /// wanted or cost too much, which is said.
  func choose(_ observer: Observer) throws {
    let candidates = game.candidates
    guard candidates.count > 1, progress.step > 0, !stepIsIncomplete else { return }
    var history = progress.evaluations
    history.lastStep = nil
    guard isDue(history, atEnd: true, evaluations: evaluationsAtEnd) else {
      let shipped = candidates.first { $0.model === game.product }?.name ?? "the model"
      return try send(
        .noted(
          step: progress.step,
          message:
            "\(shipped) is shipped without a comparison, since evaluations are off or would take too long: --metrics fid "
            + "asks for them at the end"), observer)
    }
    guard let evaluator = try possibleEvaluator(observer) else { return }
    let (metric, began, former) = (evaluator.metrics[0], clock.seconds, game.product)
    let values: [Double]
    do {
      values = try candidates.map { candidate in
        try evaluator.decidingValue(
          of: candidate.model.judgedSamples(
            settings.judging.count, seed: derivedSeed(settings.seed, Purpose.choice.rawValue), of: data,
            heldOut: judging.heldOut))
      }
    } catch {
      return try send(.warned(step: progress.step, message: "the models could not be compared: \(error)"), observer)
    }
    progress.evaluations.totalCost += clock.seconds - began
    let finite = values.indices.filter { values[$0].isFinite }
    guard let best = finite.min(by: { metric.isBetter(values[$0], than: values[$1]) }) else { return }
    candidates[best].choose()
    let found = zip(candidates, values).map { "\($0.name) \($1.shown)" }.joined(separator: ", ")
    try send(
      .noted(
        step: progress.step,
        message: "\(metric.name) of other samples: \(found); \(candidates[best].name) is shipped"), observer)
    if game.product !== former { (savedStep, previewedStep) = (nil, nil) }
    // What was judged after this step may have been another candidate.
    if game.product !== former || progress.evaluations.lastStep != progress.step { try judge(evaluator, observer) }
  }

  private func judge(_ evaluator: Evaluator, _ observer: Observer) throws {
    let began = clock.seconds
    judging.failure = nil
    // The latents of `gan sample` and `gan evaluate` with the run's seed.
    let samples = try game.product.judgedSamples(
      settings.judging.count, seed: settings.seed, of: data, heldOut: judging.heldOut)
    let evaluation: Evaluation
    do {
      evaluation = try evaluator(samples)
      for (name, preview) in try evaluation.previews() { try preview.write(to: "\(run.path)/\(name).png") }
    } catch {
      // What it cost counts, so that it is not tried again at once.
      progress.evaluations.fail(step: progress.step, cost: clock.seconds - began)
      judging.failure = "\(error)"
      try send(.warned(step: progress.step, message: "the evaluation failed: \(error)"), observer)
      return
    }
    let cost = clock.seconds - began
    let isBest = progress.evaluations.add(
      step: progress.step, cost: cost, metric: evaluator.metrics[0], values: evaluation.values,
      fingerprint: evaluation.records[0].fingerprint)
    if isBest { try ignoringFailures(observer) { try ModelFile.write(game.product, to: run.best) } }
    try send(
      .evaluated(
        EvaluationRecord(
          step: progress.step, seconds: progress.seconds, cost: cost, totalCost: progress.evaluations.totalCost,
          isBest: isBest, metrics: evaluation.records, worst: evaluation.worst)), observer)
    // A checkpoint of this step that is there does not know of it; and the best model is that of a checkpoint, so that
    // a run that goes on after an accident knows of the file that it finds.
    savedStep = nil
    if isBest { try save(observer) }
  }

  /// What judges, made when it is first needed.
  func evaluator(_ observer: Observer) throws -> Evaluator {
    if let made = judging.evaluator { return made }
    var refused: (any Error)?
    let blueprint = game.product.blueprint
    let made = try Evaluator(
      blueprint.reference(in: data),
      heldOut: judging.heldOut.map { try blueprint.reference(in: $0) }, settings: settings.judging, isTraining: true,
      needed: settings.limits.goal?.metrics ?? [],
      also: game.alarms.filter { settings.judging.stopOn.contains(type(of: $0).kind) }.flatMap { type(of: $0).metrics },
      from: game.metrics, known: game.product.knownOfSamples(of: data), mayTrain: mayTrainClassifier,
      seed: settings.seed,
      options: settings.loadOptions
    ) { line in
      do {
        try send(.noted(step: progress.step, message: line), observer)
      } catch {
        refused = error
      }
    }
    if let refused { throw refused }
    judging.evaluator = made
    return made
  }

  /// A classifier takes minutes, but that of digits that are drawn by code seconds.
  private var mayTrainClassifier: Bool {
    settings.judging.isAskedFor(settings.limits) || (data.source?.isDrawn ?? false)
  }

  /// Why the evaluations so far end the run, if they do.
  var verdict: StopReason? {
    let history = progress.evaluations
    if let goal = settings.limits.goal, goal.isMet(by: history.values) {
      return .reached("\(goal) at step \(history.lastStep ?? progress.step)")
    }
    guard let patience = settings.limits.patience, hasLostPatience else { return nil }
    let best = history.best.map { "than \($0.metric) \($0.value.shown) at step \($0.step)" } ?? "and none at all"
    let why = "no better value in \(patience) evaluations \(best)"
    return settings.limits.goal.map { .unmet("\($0), but there was \(why)") } ?? .reached("patience ran out: \(why)")
  }

  /// Whether too many evaluations found nothing better.
  var hasLostPatience: Bool { settings.limits.patience.map { progress.evaluations.sinceBest >= $0 } ?? false }

  /// Chooses the product of a run that ends by itself and, where it has reached its limits, judges it and says what that makes of
  /// `reason`.
  func judgedReason(_ reason: StopReason, _ observer: Observer) throws -> StopReason {
    guard case .completed = reason else {
      if hasLostPatience { try choose(observer) }
      return reason
    }
    try choose(observer)
    try judgeWhenDue(observer, atEnd: true)
    if let verdict { return verdict }
    if case .stop(.guardTripped(let why)) = asked { return .guardTripped(why) }
    guard let goal = settings.limits.goal else { return .completed }
    if let why = judging.refusal ?? judging.failure {
      return .unmet("\(goal) could not be measured after \(progress.step) steps: \(why)")
    }
    return .unmet("\(goal) was not reached within \(progress.step) steps")
  }
}
