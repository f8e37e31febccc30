import Datasets
import Files
import Foundation
import Testing

/// A small `.tar.gz` made by tar itself: `folder/one.bin`, `folder/other.txt`, `folder/two.bin`.
struct TarFixture {
  let path: String
  let byteCount: Int
  let sha256: String
  let one = (0..<70_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  let two = [UInt8](repeating: 7, count: 512)

  init(in parent: String) throws {
    let folder = parent + "/tar-" + UUID().uuidString
    path = folder + "/set.tar.gz"
    try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: true)
    for (name, bytes) in [("one.bin", one), ("other.txt", [1, 2, 3]), ("two.bin", two)] {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/folder/" + name))
    }
    let tar = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"), arguments: ["tar", "-czf", path, "-C", folder, "folder"])
    tar.waitUntilExit()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    byteCount = bytes.count
    sha256 = bytes.withUnsafeBytes { SHA256.digest($0) }
  }
}

/// Reading `.tar.gz` archives.
struct DownloadArchiveTests {
  private func withFixture(_ body: (TarFixture, String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-archive-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(TarFixture(in: folder), folder)
  }

  @Test func `only the wanted members are unpacked`() throws {
    try withFixture { archive, folder in
      try TarArchive.unpack(archive.path, members: ["folder/two.bin"], into: folder)
      #expect(FileManager.default.contents(atPath: folder + "/two.bin").map(Array.init) == archive.two)
      #expect(!FileManager.default.fileExists(atPath: folder + "/one.bin"))
    }
  }

  @Test func `an archive is unpacked wherever the cache lies`() throws {
    try withFixture { archive, folder in
      let moved = folder + "/caf\\xE9"
      try FileSystem.createFolder(moved)
      #expect(FileSystem.rename(archive.path, to: moved + "/archive.tar.gz"))
      try TarArchive.unpack(moved + "/archive.tar.gz", members: ["folder/two.bin"], into: moved)
      #expect(try FileSystem.contents(of: moved + "/two.bin") == archive.two)
    }
  }

  @Test func `a missing member is named`() throws {
    try withFixture { archive, folder in
      let error = try #require(throws: FileError.self) {
        try TarArchive.unpack(archive.path, members: ["folder/three.bin"], into: folder)
      }
      #expect(error == FileError(archive.path, "the archive lacks folder/three.bin"))
    }
  }

  @Test func `a truncated archive leaves no half file`() throws {
    try withFixture { archive, folder in
      let bytes = try Data(contentsOf: URL(fileURLWithPath: archive.path))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: archive.path))
      let members = ["folder/one.bin", "folder/two.bin"]
      let error = try #require(throws: FileError.self) {
        try TarArchive.unpack(archive.path, members: members, into: folder)
      }
      #expect(error.reason == "the archive is truncated or damaged")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.allSatisfy { $0.hasPrefix("tar-") || $0 == "two.bin" || $0 == "one.bin" })
      #expect(!members.allSatisfy { names.contains(String($0.dropFirst("folder/".count))) })
    }
  }

  @Test func `something else than tar is refused`() throws {
    try withFixture { archive, folder in
      let text = [UInt8](repeating: UInt8(ascii: "x"), count: 2048)
      try Data(text).write(to: URL(fileURLWithPath: archive.path))
      #expect(throws: FileError(archive.path, "this is not a tar archive")) {
        try TarArchive.unpack(archive.path, members: ["folder/one.bin"], into: folder)
      }
    }
  }
}
