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
