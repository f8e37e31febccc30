import Files
import Foundation
import FuzzedReaders
import Testing

/// What scripts/fuzz looks for at length, briefly: every reader against damaged files.
@Suite struct HostileFilesTests {
  @Test(arguments: FuzzedReader.allCases) func wholeFilesAreRead(reader: FuzzedReader) throws {
    let whole = try reader.corpus.filter { !$0.contains("/found-") }
    #expect(!whole.isEmpty)
    for file in whole {
      let isRead = try inFreshFolder { try reader.read(try MappedFile(file).bytes, in: $0) }
      #expect(isRead, "\(file)")
    }
  }

  @Test(arguments: FuzzedReader.allCases) func damagedFilesAreReadOrRefusedInASentence(reader: FuzzedReader) throws {
    for file in try reader.corpus {
      let whole = try MappedFile(file).withBytes { Array($0) }
      var random = Xorshift(state: 0x9e37_79b9_7f4a_7c15 &+ UInt64(whole.count))
      for _ in 0..<60 {
        let damaged = random.damaged(whole)
        _ = try inFreshFolder { folder in try damaged.withUnsafeBytes { try reader.read($0, in: folder) } }
      }
    }
  }

  private func inFreshFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "hostile-\(UUID().uuidString)"
    try FileSystem.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}

/// Marsaglia 2003, "Xorshift RNGs": the same damage in every run.
private struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// `bytes` cut short, or with a few of them changed.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    if Int.random(in: 0..<4, using: &self) == 0 {
      return Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &self)))
    }
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &self)]
      bytes[Int.random(in: 0..<bytes.count, using: &self)] = extremes[Int.random(in: 0..<extremes.count, using: &self)]
    }
    return bytes
  }
}
