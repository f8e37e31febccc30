import Datasets
import Files
import Foundation
import Metrics
import RunLog
import Samples
import Torch

/// Trains a game: steps, events, previews, checkpoints, and what to do when something breaks.
///
/// A trainer belongs to one thread, on which ``run(until:_:)`` returns when the run has ended.
///
/// ```swift
/// let data = try DataSource("digits").load(.train)
/// let trainer = try Trainer(recipe, data: data, run: .create("runs/first"))
/// try trainer.run(until: .steps(2000)) { event in
///   print(event)
///   return .continue
/// }
/// ```
public final class Trainer {
  /// Gets every event of a run and answers whether to go on.
  public typealias Observer = (TrainingEvent) throws -> TrainingResponse

  /// The game as it stands.
  public let game: any Game
  /// How it is trained.
  public let training: TrainingSettings
  /// Where the run leaves its files.
  public let run: RunDirectory
  /// What was asked of the run.
  public internal(set) var settings: RunSettings
  let data: Dataset
  let loader: BatchLoader
  let log: EventLog
  package internal(set) var progress: Progress
  /// What observers asked for since it was last acted upon.
  var asked = TrainingResponse.continue
  /// Whether the log took the last event.
  var logIsWritable = true
  /// The step that the newest checkpoint holds, once this trainer has written one.
  var savedStep: Int?
  /// The step of the newest preview, once this trainer has drawn one.
  var previewedStep: Int?
  /// What could not be written since the run began to end.
  package internal(set) var unsaved: [FileError] = []
  /// Nothing follows but the last files.
  var isEnding = false
  /// A step has failed half-way or broken down: what the game holds must not be saved.
  var stepIsIncomplete = false
  /// The steps whose findings are still on the device.
  var unread = UnreadSteps()
  /// How many steps may go by before their findings are read, unless something is due that needs them: to read them, the host
  /// waits for the device.
  package lazy var stepsBetweenReads = game.device == .cpu ? 1 : 16
  /// The run began with this trainer and has nothing yet that one could lose.
  var isNew = false
  /// What is needed to judge the product meanwhile.
  var judging: Judging
  var pace = Pace()
  /// The number of steps after which all schedules have ended; nil if no player has one that ends.
  private(set) lazy var scheduledSteps = game.players.compactMap(\.settings.stepsToScheduleEnd).max()
  /// Measures training and evaluations.
  package lazy var clock = RunningClock()
  /// What `recipe.json` says of the run.
  private(set) var record: RunRecord

  /// A new run of a recipe in a new folder, which gets its `recipe.json` and a first checkpoint.
  ///
  /// - Parameters:
  ///   - heldOut: data of the same kind that the run does not train on, for the metrics that ask for some.
  ///   - device: where it trains.
  ///   - run: makes the folder; called last, after all arguments have been checked.
  /// - Throws: ``TrainingError``, `FileError` or `DataError` that says what does not fit; there is no folder then.
  public convenience init(
    _ recipe: some Recipe, data: Dataset, heldOut: Dataset? = nil, run: @autoclosure () throws -> RunDirectory,
    settings: RunSettings? = nil, device: Device = .cpu
  ) throws {
    var recipe = recipe
    // What "auto" means is settled once, so that the run goes on the same on another machine.
    recipe.training.precision = recipe.training.precision.settled(on: device)
    let settings = settings ?? RunSettings(data: data.name)
    let data = try recipe.prepared(data)
    try self.init(
      recording: RunRecord(recipe, settings, data), recipe.training, data, heldOut, run: run,
      playing: { try recipe.makeGame(for: data, seed: settings.seed, on: device) })
    try begin()
  }

  /// A new run of a game of your own, as for a recipe.
  ///
  /// - Parameters:
  ///   - name: what people call the game; it stands in `recipe.json` with the settings of training and of the players.
  public convenience init(
    _ game: any Game, named name: String, _ training: TrainingSettings, data: Dataset, heldOut: Dataset? = nil,
    run: @autoclosure () throws -> RunDirectory, settings: RunSettings? = nil
  ) throws {
    var training = training
    training.precision = training.precision.settled(on: game.device)
    let settings = settings ?? RunSettings(data: data.name)
    try self.init(
      recording: RunRecord(game, named: name, training, settings, data), training, data, heldOut, run: run,
      playing: { game })
    try begin()
  }

  /// A run that goes on from its newest valid checkpoint.
  ///
  /// - Parameters:
  ///   - training: how it is trained, where a recipe says so that the record was made from; else what the record says.
  ///   - data: the data the run began with; others are refused by their fingerprint.
  ///   - heldOut: as for a new run.
  ///   - source: where the data lie now, as `DataSource` reads it, when they were moved; kept in `recipe.json`.
  ///   - threads: another number of threads from here on; kept in `recipe.json`.
  ///   - metrics: those that the run's goals may name.
  ///   - game: makes the game that the record describes, with any weights.
  ///   - skipped: called with each newer checkpoint that is damaged, and why.
  /// - Throws: ``TrainingError`` for other data or when no checkpoint is valid, `FileError` for a damaged `recipe.json`.
  public convenience init(
    resuming run: RunDirectory, _ training: TrainingSettings? = nil, data: Dataset, heldOut: Dataset? = nil,
    from source: String? = nil, threads: Int? = nil, metrics: MetricCatalogue = .standard,
    playing game: (RunRecord) throws -> any Game,
    skipped: (FileError) -> Void = { _ in }
  ) throws {
    let record = try RunRecord(contentsOf: run.recipe, metrics: metrics)
    var settings = record.run
    if let source { settings.data = source }
    if let threads { settings.threads = threads }
    guard record.dataset.fingerprint == data.fingerprint else {
      throw TrainingError(
        "\(run.path) was trained on other data: \(record.dataset.name) with fingerprint "
          + "\(record.dataset.fingerprint.prefix(12)), and \(settings.data) has \(data.fingerprint.prefix(12))")
    }
    try self.init(
      recording: record, training ?? record.training(), data, heldOut, run: { run }, playing: { try game(record) })
    self.settings = settings
    Machine.threads = settings.threads
    progress = try newestCheckpoint(skipped)
    // Plans after the checkpoint are forgotten, as the log's lines are.
    let plans = progress.planning?.plans ?? []
    if self.settings.plans != nil || !plans.isEmpty { self.settings.plans = plans }
    loader.seek(to: progress.batches)
    try log.truncate(after: progress.step)
  }

  private init(
    recording record: RunRecord, _ training: TrainingSettings, _ data: Dataset, _ heldOut: Dataset?,
    run: () throws -> RunDirectory, playing game: () throws -> any Game
  ) throws {
    try record.run.validate()
    Machine.threads = record.run.threads
    self.data = data
    // A set without splits is all of it in either.
    judging = Judging(heldOut: heldOut?.fingerprint == data.fingerprint ? nil : heldOut)
    (self.record, settings, self.training) = (record, record.run, training)
    self.game = try game()
    let known = self.game.alarms.map { type(of: $0).kind }
    if let unknown = settings.judging.stopOn.first(where: { !known.contains($0) }) {
      throw TrainingError(
        "the game of '\(record.recipe)' has no alarm '\(unknown.rawValue)' to end the run by; it has "
          + known.map(\.rawValue).joined(separator: ", "))
    }
    progress = Progress(alarms: Alarms(self.game.alarms))
    loader = try BatchLoader(self.game.feeds(of: data), batchSize: training.batch, seed: settings.seed)
    self.run = try run()
    log = try EventLog(self.run.log)
  }

  /// Writes the first files of a new run.
  private func begin() throws {
    progress.planning = settings.plans.map { Planning(following: $0) }
    do {
      try record.write(to: run.recipe)
      try run.writeDerivedColumns(of: data)
      try Checkpoint.write(game, progress, to: run.checkpoint(step: 0))
      isNew = true
    } catch {
      run.discard()
      throw error
    }
  }

  /// Samples that a step takes at the present phases.
  var samplesPerStep: Int { game.samplesPerStep(training, at: progress.step) }
  /// Samples taken so far.
  var samples: Int { progress.batches * training.batch }

  /// Trains until a limit is reached, the observer stops the run, or a guard does; then saves.
  ///
  /// - Parameters:
  ///   - limits: totals of the run, kept in its `recipe.json`; those it has when left out, else the recipe's `steps`.
  ///   - observer: gets every event and answers whether to go on.
  /// - Throws: `FileError` or `TorchError` when the run cannot go on; its checkpoints remain.
  @discardableResult
  public func run(until limits: Limits? = nil, _ observer: Observer = { _ in .continue }) throws -> RunEnd {
    let former = record.run.limits
    if let limits {
      settings.limits = limits
      // A new step limit does not cancel a goal that is still open; the patience for it begins anew.
      progress.evaluations.sinceBest = 0
      if limits.goal == nil, limits.patience == nil, let goal = former.goal,
        !goal.isMet(by: progress.evaluations.values)
      {
        (settings.limits.goal, settings.limits.patience) = (goal, former.patience)
      }
    }
    if settings.limits.isUnbounded { settings.limits.steps = training.steps }
    try settings.validate()
    guard !stepIsIncomplete else {
      throw TrainingError(
        "a step of \(run.path) failed half-way: make a new trainer that resumes it from its checkpoint")
    }
    let step = TrainingStep(game, training, seed: settings.seed) { [unowned self] in
      self.progress.batches += 1
      return Batch(try self.loader.next(), on: self.game.device)
    }
    (pace, asked) = (Pace(), .continue)
    // A run that is interrupted goes on as it was last asked to.
    try writeRecord(observer)
    try send(.started(start), observer)
    // An evaluation that was asked for and is impossible is refused before the first step.
    if settings.judging.isAskedFor(settings.limits), settings.judging.every != 0 {
      do {
        _ = try evaluator(observer)
      } catch {
        if isNew { run.discard() }
        throw error
      }
    }
    // Steps whose telling an observer's error has cut short come first.
    var reason = try goingBack(step, observer) { try read(observer) }
    while reason == nil {
      reason = try goingBack(step, observer) {
        if asked == .checkpoint {
          asked = .continue
          try save(observer)
        }
        try advance(step, observer)
      }
    }
    return try finish(reason ?? .completed, observer)
  }

  /// Runs `body`, and goes back if a step has broken down.
  ///
  /// - Returns: why the run should end.
  private func goingBack(_ step: TrainingStep, _ observer: Observer, _ body: () throws -> Void) throws -> StopReason? {
    do {
      try body()
      return stopReason
    } catch let error as NonFiniteError {
      defer { step.goOn() }
      return try rollBack(error, observer) ?? stopReason
    }
  }

  /// Writes `recipe.json` anew if what it says of the run has changed.
  func writeRecord(_ observer: Observer) throws {
    guard settings != record.run else { return }
    var changed = record
    changed.run = settings
    changed.dataset = RunRecord.DatasetRecord(data)
    if try ignoringFailures(observer, { try changed.write(to: run.recipe) }) { record = changed }
  }

  /// Why the run should end before its next step, if it should.
  var stopReason: StopReason? {
    if let verdict { return verdict }
    if case .stop(.guardTripped(let why)) = asked { return .guardTripped(why) }
    if let steps = settings.limits.steps, progress.step >= steps { return .completed }
    if let most = settings.limits.samples, samples >= most { return .completed }
    if let secondsLimit, progress.seconds >= secondsLimit { return .completed }
    if case .stop(let reason) = asked { return reason }
    return nil
  }

  private func finish(_ reason: StopReason, _ observer: Observer) throws -> RunEnd {
    var reason = reason
    (isEnding, unsaved) = (true, [])
    defer { isEnding = false }
    do {
      if !stepIsIncomplete {
        reason = try judgedReason(reason, observer)
        try save(observer)
        if progress.step > 0 { try writePreview(observer) }
        if savedStep != progress.step { reason = shortfall(reason) }
      }
    } catch let error as NonFiniteError {
      reason = .guardTripped("\(error)")
    }
    let end = RunEnd(
      step: progress.step, samples: samples, seconds: progress.seconds, reason: reason)
    try send(.finished(end), observer)
    try ignoringFailures(observer) { try Report.write(for: run) }
    return end
  }
}
