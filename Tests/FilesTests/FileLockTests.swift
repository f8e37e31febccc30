import Files
import Glibc
import Testing

@Suite struct FileLockTests {
  @Test func oneHolderAtATimeAndTheOtherIsToldWhoItIs() throws {
    let folder = try TemporaryFolder()
    let lock = try FileLock(folder.file("lock"))
    #expect {
      try FileLock(folder.file("lock"))
    } throws: {
      "\($0)".contains("in use by process \(getpid())")
    }
    withExtendedLifetime(lock) {}
  }

  @Test func aLockThatWasLetGoOrLeftByAnotherProcessIsTaken() throws {
    let folder = try TemporaryFolder()
    // What a killed owner leaves: the file with its number, and no lock on it.
    try AtomicFile.write(Array("999999\n".utf8), to: folder.file("lock"))
    for _ in 0..<2 { _ = try FileLock(folder.file("lock")) }
    #expect(try MappedFile(folder.file("lock")).withBytes { String(decoding: $0, as: UTF8.self) } == "\(getpid())\n")
  }
}
