import Files
import Foundation
import Testing

/// What the file system says of files, and what tells one from another.
struct FileStatusTests {
  @Test func aLinkStandsForWhatItLeadsToOrForItself() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write([1, 2, 3], to: folder.file("real"))
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "real")
    try FileManager.default.createSymbolicLink(atPath: folder.file("broken"), withDestinationPath: "nothing")
    let (real, link) = (try FileStatus(folder.file("real")), try FileStatus(folder.file("link")))
    #expect(link == real && real.kind == .file && real.size == 3)
    let itself = try FileStatus(folder.file("link"), followingLinks: false)
    #expect(itself.kind == .link && itself.identity != real.identity)
    #expect(try FileStatus(folder.file("real"), followingLinks: false) == real)
    #expect(FileStatus.at(folder.file("broken")) == nil)
    #expect(try FileStatus(folder.file("broken"), followingLinks: false).kind == .link)
    #expect(try FileStatus(folder.path, followingLinks: false).kind == .folder)
  }

  @Test func aRunIsKnownByItsFiles() {
    #expect(RunFolder.isRun(["checkpoints", "recipe.json"]) && RunFolder.isRun(["log.jsonl", "recipe.json", "x"]))
    #expect(
      !RunFolder.isRun(["recipe.json"]) && !RunFolder.isRun(["checkpoints", "log.jsonl"]) && !RunFolder.isRun([]))
  }
}
