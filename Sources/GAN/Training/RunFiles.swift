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
    case .images: return try sampler.grid()
    case .plane: return ScatterPlot.picture(data: data.points(2000), generated: try sampler.points(2000))
    }
  }

  /// Writes a checkpoint and the generator to ship, unless those of this step are there.
  ///
  /// - Throws: ``NonFiniteError`` when there is something that must not be saved. A full disk is a warning.
  func save(_ observer: Observer) throws {
    guard savedStep != progress.step else { return }
    try surviving(observer) {
      let path = run.checkpoint(step: progress.step)
      try Checkpoint.write(game, progress, to: path)
      try run.prune(keeping: 3, notAfter: progress.step)
      try GeneratorFile.write(game.average, kind: data.kind, to: run.generator)
      savedStep = progress.step
      try tell(.checkpointed(step: progress.step, path: path, bytes: try MappedFile(path).bytes.count), observer)
    }
  }

  /// Runs `body`; a file that cannot be written becomes a warning, since training can go on without it.
  func surviving(_ observer: Observer, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FileError {
      try tell(.warned(step: progress.step, message: "\(error); the run goes on"), observer)
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
        heed(try observer(.warned(step: progress.step, message: "\(error); the run goes on without its log")))
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
