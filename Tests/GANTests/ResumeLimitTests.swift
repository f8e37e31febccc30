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
