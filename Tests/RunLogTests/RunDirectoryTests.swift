import Files
import Foundation
import Pictures
import RunLog
import Testing

@Suite struct RunDirectoryTests {
  @Test func aNewRunHasItsFoldersAndPaths() throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/a/b/")
      #expect(run.path == folder + "/a/b")
      #expect(FileManager.default.fileExists(atPath: run.samplesFolder))
      #expect(FileManager.default.fileExists(atPath: run.checkpointsFolder))
      #expect(run.checkpoint(step: 1000) == folder + "/a/b/checkpoints/step-000001000.safetensors")
      #expect(run.sample(step: 500) == folder + "/a/b/samples/step-000000500.png")
    }
  }

  @Test func namesAreCountedOn() throws {
    try withTemporaryFolder { folder in
      let runs = try (1...3).map { _ in try RunDirectory.next(in: folder + "/runs", name: "dcgan-digits") }
      #expect(
        runs.map(\.path) == ["", "-2", "-3"].map { folder + "/runs/dcgan-digits" + $0 })
    }
  }

  @Test func aRunInUseNamesItsProcess() throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      try write("{}", to: run.recipe)
      let error = #expect(throws: FileError.self) { try RunDirectory.open(folder + "/run") }
      #expect(error?.reason.contains("in use by process \(getpid())") == true)
      #expect(try RunDirectory.reading(folder + "/run").recipe == run.recipe)
      withExtendedLifetime(run) {}
    }
  }

  @Test func aLockEndsWithItsRun() throws {
    try withTemporaryFolder { folder in
      try write("{}", to: try RunDirectory.create(folder + "/run").recipe)
      #expect(try RunDirectory.open(folder + "/run").path == folder + "/run")
    }
  }

  @Test func anExistingRunIsRefusedWithTheWayOn() throws {
    try withTemporaryFolder { folder in
      try write("{}", to: try RunDirectory.create(folder + "/my run").recipe)
      let error = #expect(throws: FileError.self) { try RunDirectory.create(folder + "/my run") }
      #expect(error?.reason.contains("`gan resume '\(folder)/my run'`") == true)
      #expect(error?.reason.contains("--out") == true)
    }
  }

  @Test(arguments: ["photo.jpg", "samples/mine.png"])
  func aFolderWithOtherFilesIsRefusedAndUntouched(name: String) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/samples", withIntermediateDirectories: true)
      try write("mine", to: folder + "/" + name)
      let before = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
      let error = #expect(throws: FileError.self) { try RunDirectory.create(folder) }
      #expect(error?.reason.contains("holds other files") == true)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == before)
    }
  }

  @Test func whatIsNoRunIsNotOpened() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError(folder + "/none", "there is no such run folder")) {
        try RunDirectory.open(folder + "/none")
      }
      let error = #expect(throws: FileError.self) { try RunDirectory.open(folder) }
      #expect(error?.reason.contains("recipe.json") == true)
      try write("", to: folder + "/file")
      #expect(throws: FileError(folder + "/file", "this is a file where a folder is needed")) {
        try RunDirectory.create(folder + "/file")
      }
    }
  }

  @Test func checkpointsAreListedNewestFirstAndPruned() throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      for step in [500, 2_000_000_000, 1000, 20] { try write("x", to: run.checkpoint(step: step)) }
      for name in ["step-7.safetensors", "step-000000001.png", ".step-000000500.safetensors.partial-1", "notes.txt"] {
        try write("x", to: run.checkpointsFolder + "/" + name)
      }
      #expect(try run.checkpoints().map(\.step) == [2_000_000_000, 1000, 500, 20])
      try run.prune(keeping: 2)
      #expect(try run.checkpoints().map(\.path) == [2_000_000_000, 1000].map { run.checkpoint(step: $0) })
      #expect(FileManager.default.fileExists(atPath: run.checkpointsFolder + "/notes.txt"))
    }
  }

  @Test func halfWrittenFilesOfAKilledProcessAreCleared() throws {
    try withTemporaryFolder { folder in
      let partial = folder + "/run/checkpoints/.step-000000500.safetensors.partial-2147483646"
      try write("{}", to: try RunDirectory.create(folder + "/run").recipe)
      try write("x", to: partial)
      _ = try RunDirectory.open(folder + "/run")
      #expect(!FileManager.default.fileExists(atPath: partial))
    }
  }

  @Test func aSampleIsWrittenTwice() throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      let picture = try Picture(width: 2, height: 1, channels: 1, pixels: [0, 255])
      let path = try run.writeSample(picture, step: 3)
      #expect(path == run.sample(step: 3))
      #expect(try Picture(contentsOf: path) == picture)
      #expect(try Picture(contentsOf: run.newestSample) == picture)
      #expect(try run.samples().map(\.step) == [3])
    }
  }
}
