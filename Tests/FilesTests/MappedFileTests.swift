import Files
import Foundation
import Testing

@Suite struct MappedFileTests {
  @Test func theBytesAreTheFiles() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    try AtomicFile.write(bytes, to: folder.file("a"))
    #expect(try MappedFile(folder.file("a")).withBytes { $0.elementsEqual(bytes) })
  }

  @Test func anEmptyFileHasNoBytes() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([] as [UInt8], to: folder.file("a"))
    #expect(try MappedFile(folder.file("a")).withBytes { $0.count } == 0)
  }

  @Test func whatCannotBeMappedIsNamed() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([1, 2] as [UInt8], to: folder.file("short"))
    let reasons = [
      "missing": "cannot open the file: No such file", "": "not a plain file",
      "short": "2 bytes where at least 3 are needed",
    ]
    for (name, reason) in reasons {
      #expect {
        try MappedFile(folder.file(name), minimumCount: 3)
      } throws: {
        "\($0)".contains(reason)
      }
    }
  }
}
