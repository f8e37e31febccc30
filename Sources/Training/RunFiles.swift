import Datasets
import Files
import RunLog
import Samples
import Torch

// What a run leaves behind while it trains.
extension Trainer {
  /// Previews come early, while much changes, and then at a steady pace.
  func isPreviewStep(_ step: Int) -> Bool { [1, 10, 30, 100, 200].contains(step) || step % 500 == 0 }

  /// Draws what has been learnt, from the same random numbers each time, unless the preview of this step is there.
  func writePreview(_ observer: Observer) throws {
    guard previewedStep != progress.step else { return }
    try ignoringFailures(observer) {
      let preview = try game.preview(data, heldOut: judging.heldOut, seed: previewSeed)
      let path = run.sample(step: progress.step, preview.fileExtension)
      for file in [path, run.newestSample(preview.fileExtension)] { try preview.write(to: file) }
      previewedStep = progress.step
      try send(.sampled(step: progress.step, path: path, caption: preview.caption), observer)
    }
  }

  /// The same for all pictures of a run, so that they can be compared.
  private var previewSeed: UInt64 { derivedSeed(settings.seed, Purpose.preview.rawValue) }

  /// Writes a checkpoint, the model to ship and the game's further previews, unless those of this step are there.
  ///
  /// - Throws: ``NonFiniteError`` when there is something that must not be saved. A full disk is a warning.
  func save(_ observer: Observer) throws {
    guard savedStep != progress.step else { return }
    let path = run.checkpoint(step: progress.step)
    // Each on its own: where the disk is nearly full, one may still fit.
    let hasCheckpoint = try ignoringFailures(observer) { try Checkpoint.write(game, progress, to: path) }
    let hasModel = try ignoringFailures(observer) {
      try ModelFile.write(game.product, to: "\(run.path)/\(game.product.fileName)")
    }
    guard hasCheckpoint else { return }
    if hasModel { savedStep = progress.step }
    try ignoringFailures(observer) {
      for (name, preview) in try game.exhibits(of: data, seed: previewSeed) {
        try preview.write(to: "\(run.path)/\(name).\(preview.fileExtension)")
      }
    }
    try ignoringFailures(observer) { try run.prune(keeping: 3, notAfter: progress.step) }
    try ignoringFailures(observer) {
      try send(.checkpointed(step: progress.step, path: path, bytes: try FileStatus(path).size), observer)
    }
  }

  /// `reason` for a run whose last step could not be saved: what is missing, and what there is.
  func shortfall(_ reason: StopReason) -> StopReason {
    var newest = ""
    if run.isInPlace {
      let files = (try? run.checkpoints()) ?? []
      newest =
        files.first { FileStatus.at($0.path)?.kind == .file }
        .map { "; the newest checkpoint is that of step \($0.step)" } ?? "; there is no checkpoint to go on from"
    }
    let what =
      "step \(progress.step) could not be saved: \(unsaved.map(\.description).joined(separator: "; "))\(newest)"
    switch reason {
    case .completed: return .unmet(what)
    case .guardTripped(let why): return .guardTripped("\(why); \(what)")
    case .unmet(let why): return .unmet("\(why); \(what)")
    case .reached, .signal, .stoppedByObserver: return .unmet("\(reason), but \(what)")
    }
  }

  /// Runs `body`; a file that cannot be written becomes a warning, since training can go on without it.
  ///
  /// - Returns: whether all was written.
  @discardableResult
  func ignoringFailures(_ observer: Observer, _ body: () throws -> Void) throws -> Bool {
    do {
      try run.verifyInPlace()
      try body()
      return true
    } catch let error as FileError {
      // Of a folder that is gone each of the last files would say the same.
      if isEnding && unsaved.contains(error) { return false }
      if isEnding { unsaved.append(error) }
      try send(.warned(step: progress.step, message: "\(error)\(isEnding ? "" : "; the run goes on")"), observer)
      return false
    }
  }

  /// Logs the event, then hands it to the observer and keeps what that asks for. A log that cannot be written does not
  /// end the run; the first event that it refuses is followed by a warning.
  func send(_ event: TrainingEvent, _ observer: Observer) throws {
    do {
      try log.append(event)
      logIsWritable = true
    } catch {
      if logIsWritable {
        let without = isEnding ? "the log lacks how the run ended" : "the run goes on without its log"
        record(try observer(.warned(step: progress.step, message: "\(error); \(without)")))
      }
      logIsWritable = false
    }
    record(try observer(event))
    for alarm in progress.alarms.observe(event) {
      try send(.alarmed(alarm), observer)
      if settings.judging.stopOn.contains(where: { $0.rawValue == alarm.kind }) {
        record(.stop(.guardTripped("\(alarm.kind): \(alarm.evidence)")))
      }
    }
  }

  /// The last request stands until it is carried out; a stop is never overridden.
  private func record(_ response: TrainingResponse) {
    if case .stop = asked { return }
    if response != .continue { asked = response }
  }
}

// What a run tells about itself.
extension Trainer {
  var start: RunStart {
    RunStart(
      recipe: record.recipe,
      dataset: RunStart.Dataset(
        source: settings.data, name: data.name, count: data.count, shape: data.shape.description),
      players: game.players.map { RunStart.Player($0.name, parameters: $0.parameterCount) }, scalars: game.scalars,
      batch: training.batch,
      arithmetic: RunStart.Arithmetic(
        precision: training.precision.rawValue, device: game.device.description, threads: Machine.threads),
      stepsLimit: lastStep, firstStep: progress.step, runPath: run.path)
  }

  /// The step at which steps or samples end the run, if every step takes as many samples as the present one.
  var lastStep: Int? {
    let bySamples = settings.limits.samples.flatMap { most in
      samplesPerStep == 0
        ? nil
        : Limits.samples(max(0, most - samples)).lastStep(samplesPerStep: samplesPerStep).map { progress.step + $0 }
    }
    return [settings.limits.steps, bySamples].compactMap { $0 }.min()
  }
  var secondsLimit: Double? { settings.limits.minutes.map { $0 * 60 } }
}
