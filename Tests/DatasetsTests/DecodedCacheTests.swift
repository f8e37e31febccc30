import Datasets
import Foundation
import Synchronization
import Testing

/// The cache of decoded data sets: used when sound, rebuilt when not, done without where it cannot be written.
struct DecodedCacheTests {
  private func cached(_ folder: TemporaryFolder) throws -> String {
    let decoded = folder.options.cacheFolder + "/decoded"
    let files = try FileManager.default.contentsOfDirectory(atPath: decoded).filter { $0.hasSuffix(".samples") }
    #expect(files.count == 1)
    return decoded + "/" + (files.first ?? "")
  }

  private func source(_ folder: TemporaryFolder) throws -> DataSource {
    try folder.copy("rgb.png", to: "set/1.png")
    return try DataSource(folder.path + "/set")
  }

  @Test func `a second load takes what the first has decoded`() throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let first = try source.load(.train, options: folder.options)
    let path = try cached(folder)
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    let second = try source.load(.train, options: folder.options)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    #expect(first.allBytes == second.allBytes)
    #expect(first.fingerprint == second.fingerprint)
    #expect(!second.notices.contains { $0.contains("again") })
  }

  @Test(arguments: ["truncated", "emptied", "sample flipped", "contents flipped", "length flipped"])
  func `a damaged file is decoded again`(damage: String) throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let pixels = try source.load(.train, options: folder.options).allBytes
    let path = try cached(folder)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    switch damage {
    case "truncated": bytes.removeLast(20)
    case "emptied": bytes = []
    case "sample flipped": bytes[100] ^= 1
    case "contents flipped": bytes[bytes.count - 100] ^= 1
    default: bytes[bytes.count - 1] = 0x7f
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let second = try source.load(.train, options: folder.options)
    #expect(second.allBytes == pixels)
    #expect(second.notices.contains { $0.contains(path) && $0.contains("decoded again") })
    #expect(try !source.load(.train, options: folder.options).notices.contains { $0.contains("again") })
  }

  @Test func `changed pictures are decoded anew`() throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let first = try source.load(.train, options: folder.options)
    try folder.copy("palette.png", to: "set/1.png")
    #expect(try source.load(.train, options: folder.options).fingerprint != first.fingerprint)
  }

  /// As two files of equal size that change places, with their times kept.
  @Test func `pictures that are exchanged under equal sizes and times are decoded anew`() throws {
    let folder = try TemporaryFolder()
    for (name, fixture) in [("a", "rgb.png"), ("b", "palette.png")] {
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TemporaryFolder.fixture("Pictures/" + fixture))))
      bytes += [UInt8](repeating: 0, count: 5000 - bytes.count)
      let path = try folder.write(bytes, to: "set/\(name).png")
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: path)
    }
    let source = try DataSource(folder.path + "/set")
    let before = try source.load(.train, options: folder.options)
    for (from, to) in [("a", "c"), ("b", "a"), ("c", "b")] {
      try FileManager.default.moveItem(
        atPath: "\(folder.path)/set/\(from).png", toPath: "\(folder.path)/set/\(to).png")
    }
    let after = try source.load(.train, options: folder.options)
    let half = before.bytesPerSample
    #expect(before.count == 2 && before.allBytes.prefix(half) != before.allBytes.suffix(half))
    #expect(after.allBytes == before.allBytes.suffix(half) + before.allBytes.prefix(half))
  }

  /// Samples that were checked are not read again as long as their file stays as it is.
  @Test func `a file that was checked is trusted until it changes`() throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let pixels = try source.load(.train, options: folder.options).allBytes
    let path = try cached(folder)
    let stamp = path + ".checked"
    let kept = try Data(contentsOf: URL(fileURLWithPath: stamp))
    // Without the stamp, as where it could not be written, the samples are checked, and the stamp is there again.
    try FileManager.default.removeItem(atPath: stamp)
    let again = try source.load(.train, options: folder.options)
    #expect(again.allBytes == pixels && !again.notices.contains { $0.contains("decoded again") })
    #expect(try Data(contentsOf: URL(fileURLWithPath: stamp)) == kept)
    // A stamp of another state is none.
    try Data("1 bytes".utf8).write(to: URL(fileURLWithPath: stamp))
    #expect(try source.load(.train, options: folder.options).allBytes == pixels)
    #expect(try Data(contentsOf: URL(fileURLWithPath: stamp)) == kept)
  }

  @Test func `where the cache cannot be written the data stay in memory`() throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    var options = folder.options
    options.cacheFolder = try folder.write([1], to: "no-folder") + "/cache"
    let dataset = try source.load(.train, options: options)
    #expect(dataset.count == 1)
    #expect(dataset.notices.contains { $0.contains("kept in memory") })
    #expect(try dataset.fingerprint == source.load(.train, options: folder.options).fingerprint)
  }

  @Test func `progress is told up to the end, and not when there is nothing to decode`() throws {
    let folder = try TemporaryFolder()
    let source = try source(folder)
    let told = Mutex<[[Int]]>([])
    let options = {
      var options = folder.options
      options.progress = { done, total in told.withLock { $0.append([done, total]) } }
      return options
    }()
    _ = try source.load(.train, options: options)
    _ = try source.load(.train, options: options)
    #expect(told.withLock { $0 } == [[1, 1]])
  }
}
