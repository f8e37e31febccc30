import Files
import GAN
import Testing

@Suite struct ResumeLimitTests {
  /// A run that is resumed to a higher limit, and interrupted before it, goes on to that limit when resumed again.
  @Test func aRunKeepsTheLimitsItWasLastGiven() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let path = folder + "/run"
      try Trainer(try tinyRecipe(.mlp), data: data, run: .create(path), settings: tinySettings(data))
        .run(until: .steps(2))
      try Trainer(resuming: .open(path), data: data) { _ in }.run(until: .steps(6)) { event in
        if case .stepped(let step) = event, step.step == 4 { return .stop(.stoppedByObserver) }
        return .continue
      }
      #expect(try RunRecord(contentsOf: path + "/recipe.json").run.limits == .steps(6))
      let end = try Trainer(resuming: .open(path), data: data) { _ in }.run()
      #expect(end.step == 6)
    }
  }
}

/// Runs whose data were moved, or that get another number of threads.
@Suite struct ResumeElsewhereTests {
  @Test func newPlacesAndThreadsAreKept() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let data = try tinyPictures(in: folder)
      try Trainer(try tinyRecipe(.mlp), data: data, run: .create(path), settings: tinySettings(data))
        .run(until: .steps(2))
      let moved = folder + "/moved.npy"
      #expect(FileSystem.rename(folder + "/pictures.npy", to: moved))
      let again = try DataSource(moved).load(.train, options: LoadOptions(environment: ["HOME": folder]))
      let end = try Trainer(resuming: .open(path), data: again, from: moved, threads: 2) { _ in }.run(until: .steps(4))
      #expect(end.step == 4)
      let record = try RunRecord(contentsOf: path + "/recipe.json")
      #expect(record.run.data == moved && record.run.threads == 2 && record.dataset.name == moved)
    }
  }

  @Test func otherDataAreRefusedAndTheRecordStays() throws {
    try withFolder { folder in
      let path = folder + "/run"
      let data = try tinyPictures(in: folder)
      try Trainer(try tinyRecipe(.mlp), data: data, run: .create(path), settings: tinySettings(data))
        .run(until: .steps(2))
      let before = try RunRecord(contentsOf: path + "/recipe.json")
      let other = try tinyPictures(in: folder, count: 39)
      let said = sentence { _ = try Trainer(resuming: .open(path), data: other, from: "elsewhere") { _ in } }
      #expect(said?.contains("was trained on other data") == true && said?.contains("elsewhere has") == true)
      #expect(try RunRecord(contentsOf: path + "/recipe.json") == before)
    }
  }
}
