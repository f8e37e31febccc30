import Foundation
import Testing
import Torch

@Suite("Writing safetensors")
struct SafetensorsWriterTests {
  private func contents(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  private func item(_ name: String, _ type: SafetensorsType, _ shape: [Int], _ bytes: [UInt8]) -> SafetensorsWriter.Item
  {
    SafetensorsWriter.Item(name, type, shape: shape) { use in try bytes.withUnsafeBytes(use) }
  }

  @Test("What the Python original wrote comes out byte for byte, whatever the order of the items")
  func sameBytes() throws {
    let url = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "safetensors", subdirectory: "Fixtures"))
    let file = try SafetensorsFile(url.path)
    try withSafetensorsFolder { folder in
      let path = folder + "/copy.safetensors"
      for entries in [file.entries, file.entries.reversed()] {
        let items = try entries.map { entry in
          let bytes = try #require(file.bytes(of: entry.name))
          return SafetensorsWriter.Item(entry.name, entry.type, shape: entry.shape, bytes: bytes)
        }
        try SafetensorsWriter.write(items, metadata: file.metadata, to: path)
        #expect(try contents(path) == contents(url.path))
      }
    }
  }

  @Test("The same metadata give the same bytes, and the data begin at a multiple of 8", arguments: [false, true])
  func deterministic(checksum: Bool) throws {
    try withSafetensorsFolder { folder in
      let keys = (0..<50).map { "key \($0)" }
      var written: [[UInt8]] = []
      for order in [keys, keys.reversed()] {
        var metadata: [String: String] = [:]
        for key in order { metadata[key] = key + "\"\\\u{7f}é" }
        let path = folder + "/file.safetensors"
        try SafetensorsWriter.write(
          [item("a", .uint8, [3], [1, 2, 3]), item("b", .uint16, [1], [4, 5])], metadata: metadata, to: path,
          checksum: checksum)
        let file = try SafetensorsFile(path)
        #expect(file.metadata.filter { $0.key != "sha256" } == metadata)
        #expect(file.bytes(of: "a").map(Array.init) == [1, 2, 3])
        #expect(file.hasChecksum == checksum)
        written.append(try contents(path))
      }
      #expect(written[0] == written[1])
      #expect((written[0].count - 5) % 8 == 0)
    }
  }

  @Test("A checksum holds for the file, and for no other of its length or shorter")
  func checksum() throws {
    try withSafetensorsFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try SafetensorsWriter.write(
        [item("weight", .float32, [2], [0, 0, 128, 63, 0, 0, 0, 64]), item("mask", .bool, [3], [0, 1, 1])],
        metadata: ["step": "1000"], to: path, checksum: true)
      try SafetensorsFile(path).verifyChecksum()
      let good = try contents(path)
      func isAccepted(_ bytes: [UInt8]) throws -> Bool {
        try Data(bytes).write(to: URL(filePath: path))
        do {
          try SafetensorsFile(path).verifyChecksum()
          return true
        } catch {
          #expect("\(error)".hasPrefix(path + ": "))
          return false
        }
      }
      #expect(try isAccepted(good))
      for index in good.indices {
        for bit in 0..<8 {
          var bad = good
          bad[index] ^= 1 << bit
          #expect(try !isAccepted(bad), "bit \(bit) of byte \(index) flipped")
        }
        #expect(try !isAccepted(Array(good[..<index])), "truncated to \(index) bytes")
      }
      #expect(try !isAccepted(good + [0]))
    }
  }

  @Test("A file without a checksum says so when it is asked to verify one")
  func noChecksum() throws {
    try withSafetensorsFolder { folder in
      let path = folder + "/plain.safetensors"
      try SafetensorsWriter.write([], to: path)
      let file = try SafetensorsFile(path)
      #expect(!file.hasChecksum && file.entries.isEmpty)
      let error = #expect(throws: (any Error).self) { try file.verifyChecksum() }
      #expect(error.map { "\($0)" }?.contains("carries no checksum") == true)
    }
  }

  @Test("What cannot be written is refused by name, and the former file stays")
  func refusals() throws {
    try withSafetensorsFolder { folder in
      let path = folder + "/file.safetensors"
      try SafetensorsWriter.write([item("a", .uint8, [1], [1])], to: path)
      let before = try contents(path)
      func check(_ items: [SafetensorsWriter.Item], _ metadata: [String: String] = [:], _ reason: String) throws {
        let error = #expect(throws: (any Error).self) {
          try SafetensorsWriter.write(items, metadata: metadata, to: path)
        }
        #expect(error.map { "\($0)" }?.contains(reason) == true, "\(error.map { "\($0)" } ?? "accepted")")
        #expect(try contents(path) == before)
      }
      let one = item("a", .uint8, [1], [1])
      try check([one, one], [:], "the tensor name 'a' is given twice")
      try check([item("__metadata__", .uint8, [1], [1])], [:], "kept for the metadata")
      try check([one], ["sha256": "1"], "kept for the file's checksum")
      try check([item("b", .float32, [2], [0, 0, 0, 0])], [:], "gave 4 bytes, but F32 of shape [2] takes 8")
      try check([item("b", .float32, [-1], [])], [:], "cannot have the shape [-1]")
      try check([item("b", .float32, [.max, 2], [])], [:], "cannot have the shape")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file.safetensors"])
    }
  }
}
