import Files

// What a run leaves behind while it trains.
extension Trainer {
  /// Pictures early, while much changes, and then at a steady pace.
  func isPictureStep(_ step: Int) -> Bool { [1, 10, 30, 100, 200].contains(step) || step % 500 == 0 }

  /// Writes pictures of the same latents each time, by the averaged generator, unless those of this step are there.
  func writePictures(_ observer: Observer) throws {
    guard picturedStep != progress.step else { return }
    try surviving(observer) {
      let path = try run.writeSample(try picture(), step: progress.step)
      picturedStep = progress.step
      try tell(.sampled(step: progress.step, path: path), observer)
    }
  }

  private func picture() throws -> Picture {
    let sampler = Sampler(
      game.average, seed: derivedSeed(settings.seed, Purpose.pictures.rawValue), classes: .inTurn)
    switch data.kind {
    case .points: return ScatterPlot.picture(data: data.points(2000), generated: try sampler.points(2000))
    default: return try sampler.grid()
    }
  }

  /// Writes a checkpoint and the generator to ship, unless those of this step are there.
  ///
  /// - Throws: ``NonFiniteError`` when there is something that must not be saved. A full disk is a warning.
  func save(_ observer: Observer) throws {
    guard savedStep != progress.step else { return }
    let path = run.checkpoint(step: progress.step)
    // Each on its own: where the disk is nearly full, one may still fit.
    let hasCheckpoint = try surviving(observer) { try Checkpoint.write(game, progress, to: path) }
    let hasGenerator = try surviving(observer) {
      try GeneratorFile.write(game.average, kind: data.kind, to: run.generator)
    }
    guard hasCheckpoint else { return }
    if hasGenerator { savedStep = progress.step }
    try surviving(observer) { try run.prune(keeping: 3, notAfter: progress.step) }
    try surviving(observer) {
      try tell(.checkpointed(step: progress.step, path: path, bytes: try FileStatus(path).size), observer)
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
  func surviving(_ observer: Observer, _ body: () throws -> Void) throws -> Bool {
    do {
      try run.verifyInPlace()
      try body()
      return true
    } catch let error as FileError {
      // Of a folder that is gone each of the last files would say the same.
      if isEnding && unsaved.contains(error) { return false }
      if isEnding { unsaved.append(error) }
      try tell(.warned(step: progress.step, message: "\(error)\(isEnding ? "" : "; the run goes on")"), observer)
      return false
    }
  }

  /// Logs the event, then hands it to the observer and keeps what that asks for. A log that cannot be written does not
  /// end the run; the first event that it refuses is followed by a warning.
  func tell(_ event: TrainingEvent, _ observer: Observer) throws {
    do {
      try log.append(event)
      logIsWritable = true
    } catch {
      if logIsWritable {
        let without = isEnding ? "the log lacks how the run ended" : "the run goes on without its log"
        heed(try observer(.warned(step: progress.step, message: "\(error); \(without)")))
      }
      logIsWritable = false
    }
    heed(try observer(event))
    for alarm in progress.alarms.observe(event, playing: game.recipe) {
      try tell(.alarmed(alarm), observer)
      if settings.judging.stopOn.contains(where: { $0.rawValue == alarm.kind }) {
        heed(.stop(.guardTripped("\(alarm.kind): \(alarm.evidence)")))
      }
    }
  }

  /// A wish stays until it is acted upon, and none outweighs that to stop.
  private func heed(_ response: TrainingResponse) {
    if case .stop = asked { return }
    if response != .continue { asked = response }
  }
}
