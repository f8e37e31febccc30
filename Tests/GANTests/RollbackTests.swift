import Files
import Foundation
import GAN
import Testing

@Suite struct RollbackTests {
  @Test(arguments: ["generator", "discriminator"])
  func oneBreakdownIsRolledBackToTheBit(player: String) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let trainer = try Trainer(
        try tinyRecipe(.dcgan), data: data, run: try .create(folder + "/run"),
        settings: tinySettings(data, checkpointEvery: 3))
      var (saved, rollbacks): ([String: [UInt8]], [(Int, Int, Int)]) = ([:], [])
      let end = try trainer.run(until: .steps(6)) { event in
        switch event {
        case .checkpointed(3, _, _): if rollbacks.isEmpty { saved = trainer.game.bits }
        case .stepped(let record) where record.step == 4 && rollbacks.isEmpty:
          withoutGradient { parameters(of: player, in: trainer.game)[0].fill(.nan) }
        case .rolledBack(let from, let to, let attempt, let reason):
          rollbacks.append((from, to, attempt))
          expectEqual(trainer.game.bits, saved)
          #expect(reason.contains("is not finite"))
          #expect(reason.contains("\(player)."))
        default: break
        }
        return .continue
      }
      #expect(rollbacks.map { [$0.0, $0.1, $0.2] } == [[4, 3, 1]])
      #expect(end.reason == .completed && end.step == 6)
      try expectOnlyFiniteFiles(in: trainer.run)
    }
  }

  @Test func theAttemptSurvivesAKillRightAfterTheRollback() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      struct Killed: Error {}
      do {
        let trainer = try Trainer(
          try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"), settings: tinySettings(data))
        #expect(throws: Killed.self) {
          try trainer.run(until: .steps(6)) { event in
            if case .stepped(let record) = event {
              if record.step == 2 {
                withoutGradient { trainer.adversarial.generator.state.parameters[0].fill(.nan) }
              } else if trainer.progress.attempt == 1 {
                throw Killed()
              }
            }
            return .continue
          }
        }
      }
      let resumed = try Trainer(resuming: try .open(folder + "/run"), data: data) { _ in }
      #expect(resumed.progress.step == 0)
      #expect(resumed.progress.attempt == 1)
    }
  }

  /// A learning rate beyond all reason breaks every attempt.
  @Test(arguments: [("generator", NetworkKind.mlp), ("discriminator", .dcgan)])
  func afterThreeAttemptsTheRunGivesUp(player: String, network: NetworkKind) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let recipe = try tinyRecipe(network, ["\(player).learning_rate=1e38", "\(player).optimizer=sgd"])
      let trainer = try Trainer(recipe, data: data, run: try .create(folder + "/run"), settings: tinySettings(data))
      let beginning = trainer.game.bits
      var attempts: [Int] = []
      let end = try trainer.run(until: .steps(20)) { event in
        if case .rolledBack(_, _, let attempt, _) = event { attempts.append(attempt) }
        return .continue
      }
      #expect(attempts == [1, 2, 3])
      guard case .guardTripped(let reason) = end.reason else {
        Issue.record("ended: \(end.reason)")
        return
      }
      #expect(reason.contains("is not finite"))
      #expect(reason.contains("after 3 attempts"))
      #expect(end.reason.exitStatus == 3)
      expectEqual(trainer.game.bits, beginning)
      try expectOnlyFiniteFiles(in: trainer.run)
      #expect(FileManager.default.fileExists(atPath: trainer.run.report))
      _ = try ModelFile.read(trainer.run.generator, .standard)
    }
  }

  /// The run gets past each of five accidents at its first attempt: there is always progress between two.
  @Test func healedBreakdownsDoNotAddUp() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let trainer = try Trainer(
        try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"),
        settings: tinySettings(data, checkpointEvery: 3))
      var (attempts, spoilt): ([Int], Set<Int>) = ([], [])
      let end = try trainer.run(until: .steps(16)) { event in
        switch event {
        case .rolledBack(_, _, let attempt, _): attempts.append(attempt)
        case .stepped(let record) where record.step % 3 == 1 && record.step < 15:
          if spoilt.insert(record.step).inserted {
            withoutGradient { trainer.adversarial.generator.state.parameters[0].fill(.nan) }
          }
        default: break
        }
        return .continue
      }
      // What is drawn depends on the attempt, which never starts again.
      #expect(attempts == [1, 2, 3, 4, 5])
      #expect(end.reason == .completed && end.step == 16)
      #expect(trainer.progress.breakdowns == nil)
    }
  }

  /// Steps short of the one that broke down are no progress, and a resumed run counts on.
  @Test(arguments: [false, true]) func theFourthBreakdownAtOneStepEndsTheRun(resumes: Bool) throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      var (attempts, reason): ([Int], StopReason?) = ([], nil)
      func observe(_ trainer: Trainer) -> (TrainingEvent) -> TrainingResponse {
        { event in
          switch event {
          case .rolledBack(_, _, let attempt, _):
            attempts.append(attempt)
            if resumes && attempt == 2 { return .stop(.stoppedByObserver) }
          case .stepped(let record) where record.step == 5:
            withoutGradient { trainer.adversarial.generator.state.parameters[0].fill(.nan) }
          default: break
          }
          return .continue
        }
      }
      do {
        let trainer = try Trainer(
          try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"),
          settings: tinySettings(data, checkpointEvery: 2))
        reason = try trainer.run(until: .steps(20), observe(trainer)).reason
      }
      if resumes {
        #expect(reason == .stoppedByObserver)
        let trainer = try Trainer(resuming: try .open(folder + "/run"), data: data) { _ in }
        reason = try trainer.run(until: .steps(20), observe(trainer)).reason
      }
      #expect(attempts == [1, 2, 3])
      guard case .guardTripped(let why)? = reason else {
        Issue.record("ended: \(String(describing: reason))")
        return
      }
      #expect(why.contains("at step 5, after 3 attempts"))
    }
  }

  @Test func withoutACheckpointToReturnToNothingIsSaved() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let trainer = try Trainer(
        try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"), settings: tinySettings(data))
      try damageFile(trainer.run.checkpoint(step: 0), "flipped")
      let end = try trainer.run(until: .steps(5)) { event in
        if case .stepped(let record) = event, record.step == 2 {
          withoutGradient { trainer.adversarial.generator.state.parameters[0].fill(.nan) }
        }
        return .continue
      }
      guard case .guardTripped(let reason) = end.reason else {
        Issue.record("ended: \(end.reason)")
        return
      }
      #expect(reason.contains("no valid checkpoint"))
      #expect(try trainer.run.checkpoints().map(\.step) == [0])
      #expect(FileManager.default.fileExists(atPath: trainer.run.report))
    }
  }

  private func parameters(of player: String, in game: any Game) -> [Tensor] {
    game.players.first { $0.name == player }?.parameters ?? []
  }

  private func expectOnlyFiniteFiles(in run: RunDirectory) throws {
    let paths = try run.checkpoints().map(\.path) + [run.generator]
    #expect(paths.count > 1)
    for path in paths {
      let file = try SafetensorsFile(path)
      for entry in file.entries where entry.type == .float32 {
        let bytes = try #require(file.bytes(of: entry.name))
        let isFinite = (0..<(bytes.count / 4)).allSatisfy {
          bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self).isFinite
        }
        #expect(isFinite, "\(entry.name) in \(path)")
      }
    }
  }
}
