import Foundation
import Testing
import Torch

/// A folder that lives as long as `body` runs.
func withSafetensorsFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "safetensors-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

@Suite("Reading safetensors")
struct SafetensorsFileTests {
  /// The message that opening a file of these bytes ends in, nil when it opens.
  private func refusal(of bytes: [UInt8]) throws -> String? {
    try withSafetensorsFolder { folder in
      let path = folder + "/hostile.safetensors"
      try Data(bytes).write(to: URL(filePath: path))
      do {
        _ = try SafetensorsFile(path)
        return nil
      } catch {
        #expect("\(error)".hasPrefix(path + ": "))
        return String("\(error)".dropFirst(path.count + 2))
      }
    }
  }

  private func file(_ header: [UInt8], data: Int = 0) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + Array(repeating: 0, count: data)
  }

  private func file(_ header: String, data: Int = 0) -> [UInt8] { file(Array(header.utf8), data: data) }

  private func tensor(_ name: String, _ shape: String, _ offsets: String) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  @Test("A file of the Python original gives its names, types, shapes and values")
  func reference() throws {
    let url = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "safetensors", subdirectory: "Fixtures"))
    let file = try SafetensorsFile(url.path)
    #expect(file.metadata == ["made by": "Python's safetensors"])
    #expect(file.entries.count == SafetensorsType.allCases.count + 3)
    for type in SafetensorsType.allCases {
      let entry = try #require(file.entry("\(type)"))
      #expect(entry.type == type && entry.shape == [2, 3])
      #expect(file.bytes(of: "\(type)")?.count == 6 * type.size)
    }
    let floats = try #require(file.bytes(of: "float32"))
    #expect((0..<6).map { floats.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } == [0, 1, 2, 3, 4, 5])
    let brains = try #require(file.bytes(of: "bfloat16"))
    #expect(brains.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == UInt16(Float(5).bitPattern >> 16))
    #expect(file.entry("scalar")?.shape == [])
    #expect(file.entry("empty")?.shape == [0, 3] && file.bytes(of: "empty")?.isEmpty == true)
    #expect(file.entry("ü \"quoted\" \\ \n\t\u{1} 😀")?.shape == [1])
    #expect(file.bytes(of: "missing") == nil)
    #expect(!file.hasChecksum)
  }

  @Test("A file without tensors is one")
  func empty() throws {
    #expect(try refusal(of: file("{}")) == nil)
    #expect(try refusal(of: file("{ \"__metadata__\" : { } }  \n")) == nil)
  }

  @Test("A missing file, a folder and an empty file are refused")
  func noFile() throws {
    try withSafetensorsFolder { folder in
      #expect(throws: (any Error).self) { try SafetensorsFile(folder + "/missing.safetensors") }
      #expect(throws: (any Error).self) { try SafetensorsFile(folder) }
    }
    #expect(try refusal(of: [])?.contains("0 bytes are fewer than the 8") == true)
  }

  @Test("A header that is too long, or longer than the file, is refused")
  func headerLength() throws {
    #expect(try refusal(of: Array(repeating: 255, count: 16))?.contains("more than the 100000000 allowed") == true)
    let tooLong = withUnsafeBytes(of: UInt64(100_000_001).littleEndian) { Array($0) }
    #expect(try refusal(of: tooLong + [123, 125])?.contains("more than the 100000000 allowed") == true)
    #expect(try refusal(of: [3, 0, 0, 0, 0, 0, 0, 0, 123, 125])?.contains("3 bytes, but only 2 follow") == true)
    #expect(try refusal(of: [0, 0, 0, 0, 0, 0, 0, 0])?.contains("does not begin with '{'") == true)
  }

  @Test(
    "A header that is no JSON object is refused",
    arguments: [
      ("[]", "does not begin with '{'"), (" {}", "does not begin with '{'"), ("{", "a string is expected"),
      ("{\"a\"", "':' is expected"), ("{\"a\":{}", "needs the fields"), ("{}x", "nothing but spaces"),
      ("{\"a", "the text has no end"), ("{\"a\\x\":1}", "must be followed by one of"),
      ("{\"\\u12g4\":1}", "four hexadecimal digits"), ("{\"\\ud800\":1}", "half of a surrogate pair"),
      ("{\"\\ud800\\u0041\":1}", "half of a surrogate pair"), ("{\"a\u{1}\":1}", "control character"),
      ("{,}", "a string is expected"), ("{\"__metadata__\":{},}", "a string is expected"),
      ("{\"a\\", "the text has no end"), ("{\"__metadata__\":{}", "'}' is expected"),
    ])
  func noJSON(header: String, reason: String) throws {
    let message = try refusal(of: file(header))
    #expect(message?.contains(reason) == true, "\(message ?? "accepted")")
  }

  @Test("A header that is not UTF-8 is refused")
  func noUTF8() throws {
    let header = Array("{\"__metadata__\":{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}}".utf8)
    #expect(try refusal(of: file(header))?.contains("not UTF-8") == true)
  }

  @Test("Metadata other than strings is refused")
  func metadata() throws {
    for value in ["1", "null", "{}", "[]", "true"] {
      #expect(try refusal(of: file("{\"__metadata__\":{\"a\":\(value)}}"))?.contains("a string is expected") == true)
    }
    #expect(try refusal(of: file("{\"__metadata__\":[]}"))?.contains("'{' is expected") == true)
  }

  @Test("A name given twice is refused, also when it is escaped once")
  func duplicates() throws {
    let first = tensor("a", "[1]", "[0,4]")
    #expect(
      try refusal(of: file("{\(first),\(first)}", data: 4))?.contains("the name 'a' appears twice") == true)
    #expect(
      try refusal(of: file("{\(first),\(tensor("\\u0061", "[1]", "[4,8]"))}", data: 8))?
        .contains("the name 'a' appears twice") == true)
    let twice = "{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}"
    #expect(try refusal(of: file(twice))?.contains("the metadata key 'k' appears twice") == true)
    #expect(try refusal(of: file("{\"__metadata__\":{},\"__metadata__\":{}}"))?.contains("twice") == true)
    let field = "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
    #expect(try refusal(of: file(field))?.contains("the field 'dtype' twice") == true)
  }

  @Test(
    "Fields that are unknown, missing or of the wrong kind are refused",
    arguments: [
      ("{\"dtype\":\"F31\",\"shape\":[],\"data_offsets\":[0,4]}", "the unknown type 'F31'"),
      ("{\"dtype\":\"F32\",\"shape\":[]}", "needs the fields dtype, shape and data_offsets"),
      ("{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"x\":1}", "the unknown field 'x'"),
      ("{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}", "must be a begin and an end"),
      ("{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]}", "must be a begin and an end"),
      ("{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}", "a whole number from 0"),
      ("{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}", "']' is expected"),
      ("{\"dtype\":\"F32\",\"shape\":[1e0],\"data_offsets\":[0,4]}", "']' is expected"),
      ("{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}", "may not begin with 0"),
      ("{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,4]}", "the number is too large"),
      ("{\"dtype\":\"F32\",\"shape\":\"1\",\"data_offsets\":[0,4]}", "'[' is expected"),
      ("{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,4]}", "a string is expected"), ("7", "'{' is expected"),
    ])
  func fields(value: String, reason: String) throws {
    let message = try refusal(of: file("{\"a\":\(value)}", data: 4))
    #expect(message?.contains(reason) == true, "\(message ?? "accepted")")
  }

  @Test("Data with a hole, an overlap, a false size or a false total are refused")
  func layout() throws {
    let first = tensor("a", "[1]", "[0,4]")
    func check(_ second: String, data: Int, _ reason: String) throws {
      let message = try refusal(of: file("{\(first),\(second)}", data: data))
      #expect(message?.contains(reason) == true, "\(message ?? "accepted")")
    }
    #expect(try refusal(of: file("{\(tensor("b", "[1]", "[4,8]")),\(first)}", data: 8)) == nil)
    try check(tensor("b", "[1]", "[5,9]"), data: 9, "leave a hole")
    try check(tensor("b", "[1]", "[3,7]"), data: 7, "overlap")
    try check(tensor("b", "[1]", "[0,4]"), data: 4, "overlap")
    try check(tensor("b", "[2]", "[4,8]"), data: 8, "has 4 bytes, but F32 of shape [2] takes 8")
    try check(tensor("b", "[1]", "[4,8]"), data: 7, "truncated")
    try check(tensor("b", "[1]", "[4,8]"), data: 9, "belong to no tensor")
    #expect(try refusal(of: file("{\(tensor("b", "[1]", "[4,8]"))}", data: 8))?.contains("leave a hole") == true)
  }

  @Test(
    "Shapes whose size overflows are refused",
    arguments: [
      "[9223372036854775807,2]", "[4611686018427387904]", "[4294967296,4294967296]", "[9223372036854775807,3,0]",
    ])
  func overflow(shape: String) throws {
    #expect(try refusal(of: file("{\(tensor("a", shape, "[0,0]"))}"))?.contains("larger than any memory") == true)
  }

  @Test("Deep nesting is refused without a deep stack", arguments: ["[", "{\"a\":"])
  func nesting(opening: String) throws {
    let deep = String(repeating: opening, count: 1_000_000)
    #expect(try refusal(of: file("{\"a\":" + deep)) != nil)
    #expect(try refusal(of: file("{\"a\":{\"shape\":" + deep)) != nil)
    #expect(try refusal(of: file("{\"__metadata__\":{\"a\":" + deep)) != nil)
  }
}
