import Files

// What a run leaves behind while it trains.
extension Trainer {
  /// Pictures early, while much changes, and then at a steady pace.
  func isPictureStep(_ step: Int) -> Bool { [1, 10, 30, 100, 200].contains(step) || step % 500 == 0 }

  /// Writes pictures of the same latents each time, by the averaged generator.
  func writePictures(_ observer: (TrainingEvent) throws -> TrainingResponse) throws {
    try surviving(observer) {
      let path = try run.writeSample(try picture(), step: progress.step)
      _ = try tell(.sampled(step: progress.step, path: path), observer)
    }
  }

  private func picture() throws -> Picture {
    let sampler = Sampler(game.average, seed: derivedSeed(settings.seed, Purpose.pictures.rawValue))
    switch data.kind {
    case .images: return PictureGrid.picture(of: try sampler.pictures(64))
    case .plane: return ScatterPlot.picture(data: data.points(2000), generated: try sampler.points(2000))
    }
  }

  /// Writes a checkpoint and the generator to ship.
  ///
  /// - Throws: ``NonFiniteError`` when there is something that must not be saved. A full disk is a warning.
  func save(_ observer: (TrainingEvent) throws -> TrainingResponse) throws {
    try surviving(observer) {
      let path = run.checkpoint(step: progress.step)
      try Checkpoint.write(game, progress, to: path)
      try GeneratorFile.write(game.average, kind: data.kind, to: run.generator)
      try run.prune(keeping: 3)
      _ = try tell(.checkpointed(step: progress.step, path: path, bytes: try MappedFile(path).bytes.count), observer)
    }
  }

  /// Runs `body`; a file that cannot be written becomes a warning, since training can go on without it.
  func surviving(_ observer: (TrainingEvent) throws -> TrainingResponse, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FileError {
      _ = try tell(.warned(step: progress.step, message: "\(error); the run goes on"), observer)
    }
  }
}
