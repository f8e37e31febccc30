import Files
import Foundation
import GAN
import Testing

/// What a run says and leaves when its folder cannot be written.
@Suite struct SavingTests {
  private func trainer(_ folder: String, checkpointEvery: Int = 500) throws -> Trainer {
    let data = try tinyPictures(in: folder)
    return try Trainer(
      try tinyRecipe(.mlp), data: data, run: try .create(folder + "/run"),
      settings: tinySettings(data, checkpointEvery: checkpointEvery))
  }

  private func move(_ path: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: path, toPath: other)
  }

  /// Where checkpoints cannot be written, the generator still is: each file is written on its own.
  @Test func theGeneratorIsWrittenWhereTheCheckpointIsNot() throws {
    try withFolder { folder in
      let trainer = try trainer(folder)
      try move(trainer.run.checkpointsFolder, to: folder + "/elsewhere")
      let end = try trainer.run(until: .steps(3))
      #expect(end.reason.exitStatus == 3)
      #expect(
        "\(end.reason)".contains("step 3 could not be saved: \(trainer.run.checkpoint(step: 3))"), "\(end.reason)")
      _ = try ModelFile.read(trainer.run.generator, .standard)
      #expect(trainer.unsaved.map(\.path).contains(trainer.run.checkpoint(step: 3)))
      #expect(!trainer.unsaved.map(\.path).contains(trainer.run.generator))
    }
  }

  @Test(arguments: [StopReason.signal(2), .stoppedByObserver]) func aStopThatCannotBeSavedSaysSo(asked: StopReason)
    throws
  {
    try withFolder { folder in
      let trainer = try trainer(folder, checkpointEvery: 2)
      let end = try trainer.run(until: .steps(100)) { event in
        guard case .stepped(let record) = event, record.step == 3 else { return .continue }
        // Something else stands where the checkpoint and the generator are to go.
        for path in [trainer.run.checkpoint(step: 3), trainer.run.generator] {
          FileSystem.remove(path)
          try FileSystem.createFolder(path)
        }
        return .stop(asked)
      }
      #expect(end.reason.exitStatus == 3)
      let said = "\(end.reason)"
      #expect(said.contains("\(asked), but step 3 could not be saved"), "\(said)")
      #expect(said.hasSuffix("; the newest checkpoint is that of step 2"), "\(said)")
    }
  }

  @Test func aFolderThatWasMovedAwayIsNamed() throws {
    try withFolder { folder in
      var warnings: [String] = []
      do {
        let trainer = try trainer(folder, checkpointEvery: 2)
        let end = try trainer.run(until: .steps(100)) { event in
          if case .warned(_, let message) = event { warnings.append(message) }
          guard case .stepped(let record) = event, record.step == 3 else { return .continue }
          try move(folder + "/run", to: folder + "/moved")
          return .stop(.signal(2))
        }
        #expect(end.reason.exitStatus == 3)
        #expect("\(end.reason)".contains("step 3 could not be saved: \(folder)/run: the run folder is gone"))
        #expect(!trainer.run.isInPlace)
        #expect(warnings.allSatisfy { !$0.contains("the run goes on") }, "\(warnings)")
        #expect(!FileSystem.exists(folder + "/run"))
      }
      let resumed = try Trainer(
        resuming: .open(folder + "/moved"), data: try tinyPictures(in: folder)
      ) { _ in }
      #expect(resumed.progress.step == 2)
      #expect(try resumed.run(until: .steps(5)).reason == .completed)
    }
  }

  /// Another run at the old place must not get this one's files.
  @Test func aRunThatTookTheOldPlaceIsLeftAlone() throws {
    try withFolder { folder in
      let trainer = try trainer(folder)
      try move(folder + "/run", to: folder + "/moved")
      let other = try RunDirectory.create(folder + "/run")
      #expect(try trainer.run(until: .steps(2)).reason.exitStatus == 3)
      #expect(try other.checkpoints().isEmpty && !FileSystem.exists(other.generator))
      #expect(!FileSystem.exists(other.report))
    }
  }
}
