import Files
import Foundation
import Testing

@Suite struct AtomicFileTests {
  private struct Interrupted: Error {}

  @Test func whatIsWrittenInPiecesIsOneFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(to: folder.file("a")) { writer in
      for piece in ["one ", "two ", "three"] { try Array(piece.utf8).withUnsafeBytes { try writer.write($0) } }
    }
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "one two three")
    #expect(try folder.names() == ["a"])
  }

  @Test func aFailureLeavesTheFormerFileAndNothingBesideIt() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Array("former".utf8), to: folder.file("a"))
    #expect(throws: Interrupted.self) {
      try AtomicFile.write(to: folder.file("a")) { writer in
        try Array("new".utf8).withUnsafeBytes { try writer.write($0) }
        throw Interrupted()
      }
    }
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "former")
    #expect(try folder.names() == ["a"])
  }

  @Test func aFolderThatDoesNotExistIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect {
      try AtomicFile.write([1, 2, 3] as [UInt8], to: folder.file("no/such/a"))
    } throws: {
      "\($0)".contains("no/such/a: cannot create the file")
    }
  }

  /// Renamed over a device, a file would take its place; over a folder it cannot be.
  @Test func whatIsNoFileIsRefusedAndStays() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    try FileSystem.createFolder(folder.file("sub"))
    for (name, words) in [
      ("pipe", "this is a device or a pipe"), ("sub", "this is a folder"), ("new/", "does not end in /"),
    ] {
      for write in [{ try AtomicFile.write([1] as [UInt8], to: $0) }, { try AtomicFile.check($0) }] {
        let error = #expect(throws: FileError.self) { try write(folder.file(name)) }
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
      }
    }
    #expect(try folder.names() == ["pipe", "sub"])
    #expect(FileStatus.at(folder.file("pipe"))?.kind == .other)
  }

  @Test func aPlaceIsCheckedBeforeLongWork() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([0] as [UInt8], to: folder.file("a"))
    try AtomicFile.check(folder.file("a"))
    try AtomicFile.check(folder.file("new"))
    let missing = #expect(throws: FileError.self) { try AtomicFile.check(folder.file("no/a")) }
    #expect(missing?.reason.contains("there is no folder") == true)
    let below = #expect(throws: FileError.self) { try AtomicFile.check(folder.file("a/b")) }
    #expect(below?.reason.contains("is a file, not a folder") == true)
    #expect(try folder.names() == ["a"])
  }

  @Test func leftoversOfDeadProcessesAreRemovedAndThoseOfLiveOnesStay() throws {
    let folder = try TemporaryFolder()
    let dead = Process()
    dead.executableURL = URL(fileURLWithPath: "/bin/true")
    try dead.run()
    dead.waitUntilExit()
    let names = [".a.partial-\(dead.processIdentifier)", ".b.partial-\(getpid())", ".c.partial-x", "d"]
    for name in names { try AtomicFile.write([0] as [UInt8], to: folder.file(name)) }
    AtomicFile.removeLeftovers(in: folder.path)
    #expect(try folder.names() == names.dropFirst().sorted())
  }
}
