import Files
import Foundation

/// Plays a game to its end: steps, events, pictures, checkpoints, and what to do when something breaks.
///
/// A trainer belongs to one thread, on which ``run(until:_:)`` returns when the run has ended.
///
/// ```swift
/// let data = try DataSource("digits").load(.train)
/// let trainer = try Trainer(.dcgan, data: data, run: .create("runs/first"))
/// try trainer.run(until: .steps(2000)) { event in
///   print(event)
///   return .continue
/// }
/// ```
public final class Trainer {
  /// Gets every event of a run and answers whether to go on.
  public typealias Observer = (TrainingEvent) throws -> TrainingResponse

  /// The game as it stands.
  public let game: Game
  /// Where the run leaves its files.
  public let run: RunDirectory
  /// What was asked of the run.
  public private(set) var settings: RunSettings
  let data: Dataset
  let loader: BatchLoader
  let log: EventLog
  package internal(set) var progress = Progress()
  /// What observers asked for since it was last acted upon.
  var asked = TrainingResponse.continue
  /// Whether the log took the last event.
  var logIsWritable = true
  /// The step that the newest checkpoint holds, once this trainer has written one.
  var savedStep: Int?
  /// The step of the newest pictures, once this trainer has drawn some.
  var picturedStep: Int?
  /// What could not be written since the run began to end.
  package internal(set) var unsaved: [FileError] = []
  /// Nothing follows but the last files.
  var isEnding = false
  /// A step has begun and not ended: what the game holds belongs to no step and must not be saved.
  var isTorn = false
  /// The run began with this trainer and has nothing yet that one could lose.
  private var isNew = false
  /// What is needed to judge the generator meanwhile.
  var judging: Judging
  private var pace = Pace()
  /// Measures training and evaluations.
  package lazy var clock = RunningClock()
  /// What `recipe.json` says was asked of the run.
  private var recorded: RunSettings

  /// A new run in a new folder, which gets its `recipe.json` and a first checkpoint.
  ///
  /// - Parameters:
  ///   - heldOut: data of the same kind that the run does not train on, for the metrics that ask for some.
  ///   - run: makes the folder; asked when everything that could be refused has been accepted.
  /// - Throws: ``GANError``, `FileError` or `DataError` that says what does not fit; there is no folder then.
  public convenience init(
    _ recipe: Recipe, data: Dataset, heldOut: Dataset? = nil, run: @autoclosure () throws -> RunDirectory,
    settings: RunSettings? = nil
  ) throws {
    var recipe = recipe
    // What "auto" means is settled once, so that the run goes on the same on another machine.
    recipe.precision = recipe.precision.settled
    try self.init(recipe, data, heldOut, run, settings ?? RunSettings(data: data.name))
    do {
      try RunRecord(recipe, self.settings, data).write(to: self.run.recipe)
      try Checkpoint.write(game, progress, to: self.run.checkpoint(step: 0))
      isNew = true
    } catch {
      self.run.discard()
      throw error
    }
  }

  /// A run that goes on from its newest valid checkpoint.
  ///
  /// - Parameters:
  ///   - data: the data the run began with; others are refused by their fingerprint.
  ///   - heldOut: as for a new run.
  ///   - source: where the data lie now, as `DataSource` reads it, when they were moved; kept in `recipe.json`.
  ///   - threads: another number of threads from here on; kept in `recipe.json`.
  ///   - skipped: told of each newer checkpoint that is damaged, and why.
  /// - Throws: ``GANError`` for other data or when no checkpoint is valid, `FileError` for a damaged `recipe.json`.
  public convenience init(
    resuming run: RunDirectory, data: Dataset, heldOut: Dataset? = nil, from source: String? = nil,
    threads: Int? = nil, skipped: (FileError) -> Void
  ) throws {
    let record = try RunRecord(contentsOf: run.recipe)
    var settings = record.run
    if let source { settings.data = source }
    if let threads { settings.threads = threads }
    guard record.dataset.fingerprint == data.fingerprint else {
      throw GANError(
        "\(run.path) was trained on other data: \(record.dataset.name) with fingerprint "
          + "\(record.dataset.fingerprint.prefix(12)), and \(settings.data) has \(data.fingerprint.prefix(12))")
    }
    try self.init(try record.makeRecipe(), data, heldOut, { run }, settings)
    recorded = record.run
    progress = try newestCheckpoint(skipped)
    loader.seek(to: progress.batches)
    try log.truncate(after: progress.step)
  }

  private init(
    _ recipe: Recipe, _ data: Dataset, _ heldOut: Dataset?, _ run: () throws -> RunDirectory, _ settings: RunSettings
  ) throws {
    try settings.validate()
    Machine.threads = settings.threads
    self.data = data
    // A set without splits is all of it in either.
    judging = Judging(heldOut: heldOut?.fingerprint == data.fingerprint ? nil : heldOut)
    (self.settings, recorded) = (settings, settings)
    game = try Game(
      recipe, shape: data.shape, classes: recipe.isConditional ? try ClassTable(data) : nil, seed: settings.seed)
    loader = try BatchLoader(data, batchSize: recipe.batch, seed: settings.seed)
    self.run = try run()
    log = try EventLog(self.run.log)
  }

  private var imagesPerStep: Int { game.recipe.imagesPerStep }

  /// Trains until a limit is reached, the observer stops the run, or a guard does; then saves.
  ///
  /// - Parameters:
  ///   - limits: totals of the run, kept in its `recipe.json`; those it has when left out, else the recipe's `steps`.
  ///   - observer: gets every event and answers whether to go on.
  /// - Throws: `FileError` or `TorchError` when the run cannot go on; its checkpoints remain.
  @discardableResult
  public func run(until limits: Limits? = nil, _ observer: Observer = { _ in .continue }) throws -> RunEnd {
    let former = recorded.limits
    if let limits {
      settings.limits = limits
      // More steps are no word against a goal that is still to be reached; the patience for it begins anew.
      progress.evaluations.sinceBest = 0
      if limits.goal == nil, limits.patience == nil, let goal = former.goal,
        !goal.isMet(by: progress.evaluations.values)
      {
        (settings.limits.goal, settings.limits.patience) = (goal, former.patience)
      }
    }
    if settings.limits.isUnbounded { settings.limits.steps = game.recipe.steps }
    try settings.validate()
    guard !isTorn else {
      throw GANError("a step of \(run.path) failed half-way: make a new trainer that resumes it from its checkpoint")
    }
    let step = TrainingStep(game, seed: settings.seed) { [unowned self] in
      self.progress.batches += 1
      return TrainingBatch(try self.loader.next(), withClasses: self.game.recipe.isConditional)
    }
    (pace, asked) = (Pace(), .continue)
    // A run that is interrupted goes on as it was last asked to.
    if settings != recorded {
      let isKept = try surviving(observer) { try RunRecord.write(settings, data, to: run.recipe) }
      if isKept { recorded = settings }
    }
    try tell(.started(start), observer)
    // What somebody asked for and cannot be is said before the first step.
    if settings.judging.isAskedFor(settings.limits), settings.judging.every != 0 {
      do {
        _ = try evaluator(observer)
      } catch {
        if isNew { run.discard() }
        throw error
      }
    }
    var reason = stopReason
    while reason == nil {
      do {
        if asked == .checkpoint {
          asked = .continue
          try save(observer)
        }
        try advance(step, observer)
        reason = stopReason
      } catch let error as NonFiniteError {
        reason = try rollBack(error, observer) ?? stopReason
      }
    }
    return try finish(reason ?? .completed, observer)
  }

  /// Plays one step and writes what is due after it.
  private func advance(_ step: TrainingStep, _ observer: Observer) throws {
    let began = clock.seconds
    (isTorn, isNew) = (true, false)
    let measured = try step(progress.step, attempt: progress.attempt)
    isTorn = false
    progress.step += 1
    if let breakdowns = progress.breakdowns, progress.step > breakdowns.furthest { progress.breakdowns = nil }
    let elapsed = clock.seconds - began
    progress.seconds += elapsed
    pace.add(elapsed)
    try tell(.stepped(record(measured)), observer)
    if isPictureStep(progress.step) { try writePictures(observer) }
    // Judged first, so that the checkpoint knows of it.
    try judgeWhenDue(observer)
    if progress.step % settings.checkpointEvery == 0 { try save(observer) }
  }

  /// Why the run should end before its next step, if it should.
  private var stopReason: StopReason? {
    if let verdict { return verdict }
    if case .stop(.guardTripped(let why)) = asked { return .guardTripped(why) }
    if let lastStep, progress.step >= lastStep { return .completed }
    if let secondsLimit, progress.seconds >= secondsLimit { return .completed }
    if case .stop(let reason) = asked { return reason }
    return nil
  }

  private var lastStep: Int? { settings.limits.lastStep(imagesPerStep: imagesPerStep) }
  private var secondsLimit: Double? { settings.limits.minutes.map { $0 * 60 } }

  private func finish(_ reason: StopReason, _ observer: Observer) throws -> RunEnd {
    var reason = reason
    (isEnding, unsaved) = (true, [])
    defer { isEnding = false }
    do {
      if !isTorn {
        if case .completed = reason { reason = try judgedReason(observer) }
        try save(observer)
        if progress.step > 0 { try writePictures(observer) }
        if savedStep != progress.step { reason = shortfall(reason) }
      }
    } catch let error as NonFiniteError {
      reason = .guardTripped("\(error)")
    }
    let end = RunEnd(
      step: progress.step, samples: progress.step * imagesPerStep, seconds: progress.seconds, reason: reason)
    try tell(.finished(end), observer)
    try surviving(observer) { try Report.write(for: run) }
    return end
  }

  /// Judges the generator of a run that has reached its limits, and says what that makes of it.
  private func judgedReason(_ observer: Observer) throws -> StopReason {
    try judgeWhenDue(observer, atEnd: true)
    if let verdict { return verdict }
    if case .stop(.guardTripped(let why)) = asked { return .guardTripped(why) }
    guard let goal = settings.limits.goal else { return .completed }
    if let why = judging.refusal ?? judging.failure {
      return .unmet("\(goal) could not be measured after \(progress.step) steps: \(why)")
    }
    return .unmet("\(goal) was not reached within \(progress.step) steps")
  }

  private var start: RunStart {
    RunStart(
      recipe: game.recipe.name,
      dataset: RunStart.Dataset(
        source: settings.data, name: data.name, count: data.count, shape: data.shape.description),
      players: [
        RunStart.Player("generator", parameters: game.generator.state.parameterCount),
        RunStart.Player("discriminator", parameters: game.discriminator.state.parameterCount),
      ],
      scalars: Scalar.adversarial(scoresAreProbabilities: scoresAreProbabilities), batch: game.recipe.batch,
      arithmetic: RunStart.Arithmetic(
        precision: game.recipe.precision.rawValue, device: Device.cpu.description, threads: Machine.threads),
      stepsLimit: lastStep, firstStep: progress.step, runPath: run.path)
  }

  private func record(_ measured: Measurements) -> StepRecord {
    StepRecord(
      step: progress.step, samples: progress.step * imagesPerStep, seconds: progress.seconds,
      scalars: measured.scalars(scoresAreProbabilities: scoresAreProbabilities),
      samplesPerSecond: Double(imagesPerStep) / pace.secondsPerStep, stepsLimit: lastStep, secondsLimit: secondsLimit)
  }

  private var scoresAreProbabilities: Bool { game.recipe.objective.objective.isLogistic }
}

/// The time a step takes, lately: a running mean over some twenty steps.
private struct Pace {
  private(set) var secondsPerStep = 0.0

  mutating func add(_ seconds: Double) {
    secondsPerStep = secondsPerStep == 0 ? seconds : secondsPerStep * 0.95 + seconds * 0.05
  }
}
