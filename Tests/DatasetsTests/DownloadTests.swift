import Datasets
import Files
import Foundation
import Testing

/// Downloads from a server that behaves and misbehaves in every way that mirrors do.
struct DownloadTests {
  @Test func `a good mirror gives the file, with progress`() throws {
    let trial = try DownloadTrial()
    var reports: [DownloadProgress] = []
    let folder = try trial.locate(mirrors: ["good"]) { reports.append($0) }
    #expect(folder == trial.cache + "/data/tiny")
    #expect(trial.downloaded == trial.bytes)
    #expect(trial.leftover == nil)
    let last = try #require(reports.last)
    #expect(last.received == trial.bytes.count && last.total == trial.bytes.count)
    #expect(last.set == "tiny" && last.file == trial.file)
    #expect(last.mirror == trial.mirror("good") + "/tiny/" + trial.file)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.received < $1.received })
  }

  @Test func `a second run asks for nothing`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["good"])
    try trial.locate(mirrors: ["missing"])
    #expect(try trial.ranges() == ["whole"])
  }

  @Test func `a cut connection is resumed where it broke`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["cut"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["whole", "bytes=\(trial.bytes.count / 2)-"])
  }

  @Test func `a server that ignores ranges starts over`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["deaf"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges().count == 2)
  }

  @Test func `a server that sends another range than asked for is left for the next mirror`() throws {
    let trial = try DownloadTrial()
    try trial.leave(Array(trial.bytes[..<1000]))
    try trial.locate(mirrors: ["shifted", "good"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["bytes=1000-", "bytes=1000-"])
  }

  @Test func `what an earlier process left is used`() throws {
    let trial = try DownloadTrial()
    try trial.leave(Array(trial.bytes[..<1000]))
    try trial.locate(mirrors: ["good"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["bytes=1000-"])
  }

  @Test func `a whole leftover needs no request`() throws {
    let trial = try DownloadTrial()
    try trial.leave(trial.bytes)
    try trial.locate(mirrors: ["missing"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == [])
  }

  @Test(arguments: [1000, 60_000, 60_001])
  func `wrong leftovers are thrown away`(count: Int) throws {
    let trial = try DownloadTrial()
    try trial.leave([UInt8](repeating: 1, count: count))
    try trial.locate(mirrors: ["good"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges().last == "whole")
  }

  @Test func `altered bytes send to the next mirror`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["altered", "good"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["whole", "whole"])
  }

  @Test(arguments: [
    ("altered", "SHA-256"), ("missing", "it answered 404"), ("oversized", "offers 60004 bytes"),
    ("endless", "more than the 60000 bytes"), ("circle", "circle"), ("chatty", "redirect is incomplete"),
  ])
  func `a mirror that cannot give the file is named with its reason`(scenario: String, reason: String) throws {
    let trial = try DownloadTrial()
    let error = try #require(throws: DownloadError.self) { try trial.locate(mirrors: [scenario]) }
    #expect(error.refusals.map(\.mirror) == [trial.mirror(scenario) + "/tiny/" + trial.file])
    #expect(error.description.contains(reason))
    for advice in ["blob-60000.bin", "GAN_MIRROR", "tiny:DIR", "GAN_DATA"] {
      #expect(error.description.contains(advice))
    }
    #expect(trial.downloaded == nil)
    #expect(trial.leftover == nil)
  }

  @Test func `a mirror that stalls is left, and what it gave is kept`() throws {
    let trial = try DownloadTrial()
    trial.limits.stall = .seconds(4)
    trial.limits.attempts = 1
    try trial.locate(mirrors: ["stalling", "good"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["whole", "bytes=\(trial.bytes.count / 2)-"])
  }

  @Test func `a stall without another mirror keeps the leftover for the next time`() throws {
    let trial = try DownloadTrial()
    trial.limits.stall = .seconds(4)
    trial.limits.attempts = 1
    let error = try #require(throws: DownloadError.self) { try trial.locate(mirrors: ["stalling"]) }
    #expect(error.description.contains("sent nothing for 4.0 seconds"))
    #expect(trial.downloaded == nil)
    #expect(trial.leftover == Array(trial.bytes[..<(trial.bytes.count / 2)]))
  }

  @Test func `a busy server is asked again`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["busy"])
    #expect(trial.downloaded == trial.bytes)
  }

  @Test func `a redirect is followed`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["redirect"])
    #expect(trial.downloaded == trial.bytes)
  }

  @Test func `a closed port is named after one attempt`() throws {
    let trial = try DownloadTrial()
    let set = NamedSet(
      name: "tiny", layouts: [.init([trial.file])],
      files: [.init(trial.file, byteCount: 1, sha256: "")], mirrors: ["http://127.0.0.1:1/"])
    let error = try #require(throws: DownloadError.self) {
      try set.locate(directory: nil, environment: [:], cache: trial.cache, limits: trial.limits)
    }
    #expect(error.description.contains("http://127.0.0.1:1/\(trial.file): Failed to connect"))
  }

  @Test func `GAN_MIRROR is tried first`() throws {
    let trial = try DownloadTrial()
    try trial.locate(mirrors: ["missing"], environment: ["GAN_MIRROR": trial.mirror("good") + "/"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.server.requests(trial.token) == ["/good/\(trial.token)/tiny/\(trial.file) whole"])
  }

  @Test func `two at once download once`() async throws {
    let trial = try DownloadTrial()
    let set = trial.set(mirrors: ["slow"])
    let (cache, limits) = (trial.cache, trial.limits)
    let folders = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<2 {
        group.addTask { try set.locate(directory: nil, environment: [:], cache: cache, limits: limits) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(folders == [trial.cache + "/data/tiny", trial.cache + "/data/tiny"])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.ranges() == ["whole"])
  }

  @Test func `a set that another process holds for too long names that process`() throws {
    let trial = try DownloadTrial()
    trial.limits.lock = .milliseconds(200)
    try FileManager.default.createDirectory(atPath: trial.cache + "/data", withIntermediateDirectories: true)
    let lock = try FileLock(trial.cache + "/data/tiny.lock")
    let error = try #require(throws: FileError.self) { try trial.locate(mirrors: ["good"]) }
    withExtendedLifetime(lock) {}
    #expect(error.description.contains("tiny.lock: in use by process \(ProcessInfo.processInfo.processIdentifier)"))
  }

  @Test func `an incomplete folder in GAN_DATA is named when the download fails too`() throws {
    let trial = try DownloadTrial()
    try FileManager.default.createDirectory(atPath: trial.cache + "/own/tiny", withIntermediateDirectories: true)
    let error = try #require(throws: DownloadError.self) {
      try trial.locate(mirrors: ["missing"], environment: ["GAN_DATA": trial.cache + "/own"])
    }
    #expect(error.description.contains("/own/tiny: these files of tiny are missing"))
  }

  @Test func `an archive is unpacked and removed`() throws {
    let trial = try DownloadTrial()
    let archive = try TarFixture(in: trial.cache)
    let set = NamedSet(
      name: "tiny", layouts: [.init(["one.bin", "two.bin"], subfolder: "folder")],
      files: [
        .init(
          "set.tar.gz", byteCount: archive.byteCount, sha256: archive.sha256,
          members: ["folder/one.bin", "folder/two.bin"])
      ],
      mirrors: [])
    // The archive lies there whole, as a process leaves it that was killed between the two steps.
    let folder = trial.cache + "/data/tiny"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: archive.path, toPath: folder + "/set.tar.gz")
    #expect(try set.locate(directory: nil, environment: [:], cache: trial.cache) == folder)
    #expect(FileManager.default.contents(atPath: folder + "/one.bin").map(Array.init) == archive.one)
    #expect(FileManager.default.contents(atPath: folder + "/two.bin").map(Array.init) == archive.two)
    #expect(!FileManager.default.fileExists(atPath: folder + "/set.tar.gz"))
  }
}

extension DownloadTrial {
  /// Puts `bytes` where an interrupted download leaves them.
  func leave(_ bytes: [UInt8]) throws {
    try FileManager.default.createDirectory(atPath: cache + "/data/tiny", withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: cache + "/data/tiny/" + file + ".part"))
  }
}
