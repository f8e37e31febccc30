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
  /// The game as it stands.
  public let game: Game
  /// Where the run leaves its files.
  public let run: RunDirectory
  /// What was asked of the run.
  public private(set) var settings: RunSettings
  let data: Dataset
  let loader: BatchLoader
  let log: EventLog
  var progress = Progress()
  /// How often a run may be rolled back before it gives up.
  private static let mostAttempts = 3
  private var pace = Pace()

  /// A new run in a new folder, which gets its `recipe.json` and a first checkpoint.
  ///
  /// - Throws: ``GANError``, `FileError` or `DataError` that says what does not fit.
  public convenience init(_ recipe: Recipe, data: Dataset, run: RunDirectory, settings: RunSettings? = nil) throws {
    var recipe = recipe
    // What "auto" means is settled once, so that the run goes on the same on another machine.
    recipe.precision = recipe.precision.dtype == .bfloat16 ? .bfloat16 : .float32
    try self.init(recipe, data, run, settings ?? RunSettings(data: data.name))
    try RunRecord(recipe, self.settings, data).write(to: run.recipe)
    try Checkpoint.write(game, progress, to: run.checkpoint(step: 0))
  }

  /// A run that goes on from its newest valid checkpoint.
  ///
  /// - Parameters:
  ///   - data: the data the run began with; others are refused by their fingerprint.
  ///   - skipped: told of each newer checkpoint that is damaged, and why.
  public convenience init(resuming run: RunDirectory, data: Dataset, skipped: (FileError) -> Void) throws {
    let record = try RunRecord(contentsOf: run.recipe)
    guard record.dataset.fingerprint == data.fingerprint else {
      throw GANError(
        "\(run.path) was trained on other data: \(record.dataset.name) with fingerprint "
          + "\(record.dataset.fingerprint.prefix(12)), and \(record.run.data) now has \(data.fingerprint.prefix(12))")
    }
    try self.init(try record.makeRecipe(), data, run, record.run)
    progress = try newestCheckpoint(skipped)
    loader.seek(to: progress.batches)
    try log.truncate(after: progress.step)
  }

  private init(_ recipe: Recipe, _ data: Dataset, _ run: RunDirectory, _ settings: RunSettings) throws {
    self.run = run
    self.data = data
    self.settings = settings
    game = try Game(recipe, shape: data.shape, seed: settings.seed)
    loader = try BatchLoader(data, batchSize: recipe.batch, seed: settings.seed)
    log = try EventLog(run.log)
  }

  /// Real images that a step takes.
  private var imagesPerStep: Int { game.recipe.batch * game.recipe.accumulation * game.recipe.criticSteps }

  /// Trains until a limit is reached, the observer stops the run, or a guard does; then saves.
  ///
  /// - Parameters:
  ///   - limits: totals of the run; those of its settings when left out, else the recipe's `steps`.
  ///   - observer: gets every event and answers whether to go on.
  /// - Throws: `FileError` or `TorchError` when the run cannot go on; its checkpoints remain.
  @discardableResult
  public func run(
    until limits: Limits? = nil, _ observer: (TrainingEvent) throws -> TrainingResponse = { _ in .continue }
  ) throws -> RunEnd {
    if let limits { settings.limits = limits }
    if settings.limits.isEmpty { settings.limits.steps = game.recipe.steps }
    let lastStep = settings.limits.lastStep(imagesPerStep: imagesPerStep)
    let secondsLimit = settings.limits.minutes.map { $0 * 60 }
    let step = TrainingStep(game, seed: settings.seed) { [unowned self] in
      self.progress.batches += 1
      return Images(try self.loader.next(), device: self.game.device)
    }
    pace = Pace()
    var reason: StopReason?
    var response = try tell(.started(start(lastStep)), observer)

    while reason == nil {
      if let lastStep, progress.step >= lastStep { reason = .completed }
      if let secondsLimit, progress.seconds >= secondsLimit { reason = .completed }
      if case .stop(let why) = response { reason = why }
      if reason != nil { break }
      if response == .checkpoint { try save(observer) }
      do {
        let began = ContinuousClock.now
        let measured = try step(progress.step, attempt: progress.attempt)
        progress.step += 1
        let elapsed = (ContinuousClock.now - began).seconds
        progress.seconds += elapsed
        pace.add(elapsed)
        response = try tell(.stepped(record(measured, lastStep, secondsLimit)), observer)
        if isPictureStep(progress.step) { try writePictures(observer) }
        if progress.step % settings.checkpointEvery == 0 { try save(observer) }
      } catch let error as NonFiniteError {
        reason = try rollBack(error, observer)
      }
    }
    return try finish(reason ?? .completed, observer)
  }

  private func finish(_ reason: StopReason, _ observer: (TrainingEvent) throws -> TrainingResponse) throws -> RunEnd {
    var reason = reason
    do {
      try save(observer)
      if progress.step > 0 { try writePictures(observer) }
    } catch let error as NonFiniteError {
      reason = .guardTripped("\(error)")
    }
    let end = RunEnd(
      step: progress.step, images: progress.step * imagesPerStep, seconds: progress.seconds, reason: reason)
    _ = try tell(.finished(end), observer)
    try surviving(observer) { try Report.write(for: run) }
    return end
  }

  /// Returns to the newest checkpoint, from where other random numbers are drawn; gives up after a few times.
  private func rollBack(_ error: NonFiniteError, _ observer: (TrainingEvent) throws -> TrainingResponse) throws
    -> StopReason?
  {
    let (from, attempt) = (progress.step, progress.attempt + 1)
    let seconds = progress.seconds
    progress = try newestCheckpoint { _ in }
    loader.seek(to: progress.batches)
    guard attempt <= Self.mostAttempts else {
      return .guardTripped("\(error) at step \(from), after \(Self.mostAttempts) attempts with other random numbers")
    }
    progress.attempt = attempt
    progress.seconds = seconds
    let event = TrainingEvent.rolledBack(from: from, to: progress.step, attempt: attempt, reason: "\(error)")
    if case .stop(let why) = try tell(event, observer) { return why }
    return nil
  }

  private func newestCheckpoint(_ skipped: (FileError) -> Void) throws -> Progress {
    for checkpoint in try run.checkpoints() {
      do {
        return try Checkpoint.read(checkpoint.path, into: game)
      } catch {
        skipped(error)
      }
    }
    throw GANError("\(run.path) holds no valid checkpoint to go on from; start it anew: gan train --recipe \(run.recipe)")
  }

  /// Logs the event, then hands it to the observer. A log that cannot be written does not end the run.
  func tell(_ event: TrainingEvent, _ observer: (TrainingEvent) throws -> TrainingResponse) throws -> TrainingResponse {
    do {
      try log.append(event)
    } catch {
      _ = try observer(.warned(step: progress.step, message: "\(error)"))
    }
    return try observer(event)
  }

  private func start(_ lastStep: Int?) -> RunStart {
    RunStart(
      recipe: game.recipe.name, dataSource: settings.data, datasetName: data.name, datasetCount: data.count,
      datasetShape: data.shape.description, generatorParameters: game.generator.state.parameterCount,
      discriminatorParameters: game.discriminator.state.parameterCount, batch: game.recipe.batch,
      precision: game.recipe.precision.rawValue, device: game.device.description, threads: Machine.threads,
      stepsLimit: lastStep, firstStep: progress.step, runPath: run.path)
  }

  private func record(_ measured: Measurements, _ lastStep: Int?, _ secondsLimit: Double?) -> StepRecord {
    StepRecord(
      step: progress.step, images: progress.step * imagesPerStep, seconds: progress.seconds,
      lossDiscriminator: measured.lossDiscriminator, lossGenerator: measured.lossGenerator,
      scoreReal: measured.scoreReal, scoreFake: measured.scoreFake,
      imagesPerSecond: Double(imagesPerStep) / pace.secondsPerStep, stepsLimit: lastStep, secondsLimit: secondsLimit,
      scoresAreProbabilities: game.recipe.objective.objective.isLogistic)
  }
}

/// The time a step takes, lately: a running mean over some twenty steps.
private struct Pace {
  private(set) var secondsPerStep = 0.0

  mutating func add(_ seconds: Double) {
    secondsPerStep = secondsPerStep == 0 ? seconds : secondsPerStep * 0.95 + seconds * 0.05
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
