import Foundation
import GAN
import Testing

@Suite struct TrainerTests {
  private func trainer(_ folder: String, checkpointEvery: Int = 500) throws -> Trainer {
    let data = try tinyPictures(in: folder)
    return try Trainer(
      try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"),
      settings: tinySettings(data, checkpointEvery: checkpointEvery))
  }

  @Test func eventsComeInOrderAndNothingIsWrittenTwice() throws {
    try withFolder { folder in
      var kinds: [String] = []
      try trainer(folder, checkpointEvery: 2).run(until: .steps(2)) { event in
        switch event {
        case .started: kinds.append("started")
        case .stepped(let record): kinds.append("step \(record.step)")
        case .sampled(let step, _, _): kinds.append("sampled \(step)")
        case .checkpointed(let step, _, let bytes): kinds.append("saved \(step) \(bytes > 0)")
        case .noted, .warned, .rolledBack, .planned, .evaluated, .alarmed: kinds.append("\(event)")
        case .finished(let end): kinds.append("\(end.reason)")
        }
        return .continue
      }
      #expect(kinds == ["started", "step 1", "sampled 1", "step 2", "saved 2 true", "sampled 2", "completed"])
    }
  }

  /// What an observer asks for counts whichever event it answers.
  @Test func wishesAreHeardAtEveryEvent() throws {
    try withFolder { folder in
      var saved: [Int] = []
      let end = try trainer(folder).run(until: .steps(20)) { event in
        switch event {
        case .sampled(10, _, _): return .checkpoint
        case .checkpointed(let step, _, _):
          saved.append(step)
          return .stop(.stoppedByObserver)
        default: return .continue
        }
      }
      // The wish to save is fulfilled before the next step, the one to stop after it.
      #expect(saved == [10, 11])
      #expect(end.step == 11 && end.reason == .stoppedByObserver)
    }
  }

  @Test func whatIsRefusedLeavesNoFolder() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      var threads = tinySettings(data)
      threads.threads = 0
      var every = tinySettings(data)
      every.checkpointEvery = 0
      for (assignments, settings) in [
        (["batch=41"], tinySettings(data)), (["objective=wasserstein"], tinySettings(data)), ([], threads), ([], every),
      ] {
        let said = sentence {
          _ = try Trainer(
            try tinyRecipe(.mlp, assignments), data: data, run: try .create(folder + "/run"), settings: settings)
        }
        #expect(said != nil)
        #expect(!FileManager.default.fileExists(atPath: folder + "/run"))
      }
    }
  }

  @Test func onlyTheNewestCheckpointsAreKept() throws {
    try withFolder { folder in
      let trainer = try trainer(folder, checkpointEvery: 1)
      try trainer.run(until: .steps(6))
      #expect(try trainer.run.checkpoints().map(\.step) == [6, 5, 4])
    }
  }

  @Test func picturesShowTheSameLatentsEachTime() throws {
    try withFolder { folder in
      let trainer = try trainer(folder)
      try trainer.run(until: .steps(10))
      let seed = derivedSeed(1, Purpose.preview.rawValue)
      let picture = PictureGrid.picture(of: try Sampler(trainer.adversarial.average, seed: seed).pictures(64))
      let newest = try Data(contentsOf: URL(fileURLWithPath: trainer.run.newestSample))
      #expect(try picture.png() == Array(newest))
      #expect(try Data(contentsOf: URL(fileURLWithPath: trainer.run.sample(step: 1))) != newest)
    }
  }

  @Test(arguments: [
    (Limits(steps: 7), 10, 7), (Limits(samples: 21), 10, 3), (Limits(steps: 7, samples: 20), 10, 2),
    (Limits(samples: .max), 3, .max / 3 + 1),
  ])
  func theFirstOfStepsAndImagesIsTheLast(limits: Limits, samplesPerStep: Int, step: Int) {
    #expect(limits.lastStep(samplesPerStep: samplesPerStep) == step)
  }
}
