import Files

/// What the header of a safetensors file says, checked against itself and the file's length.
struct SafetensorsHeader {
  /// The longest header that the format allows, in bytes.
  static let maximumCount = 100_000_000
  static let metadataKey = "__metadata__"
  static let checksumKey = "sha256"

  var metadata: [String: String] = [:]
  /// In the order of their data.
  var entries: [SafetensorsFile.Entry] = []
  /// Where the checksum's text lies in the file, when the metadata holds one.
  var checksumRange: Range<Int>?
  /// Where the tensors' data begins in the file.
  let dataStart: Int

  init(path: String, bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard bytes.count >= 8 else {
      throw FileError(
        path, "this is not a safetensors file: \(bytes.count) bytes are fewer than the 8 of its header's length")
    }
    let length = bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= Self.maximumCount else {
      throw FileError(
        path,
        "this is not a safetensors file: its header would have \(length) bytes, more than the \(Self.maximumCount) allowed"
      )
    }
    dataStart = 8 + Int(length)
    guard dataStart <= bytes.count else {
      throw FileError(
        path, "its header has \(length) bytes, but only \(bytes.count - 8) follow; the file is truncated or damaged")
    }
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw FileError(path, "this is not a safetensors file: its header does not begin with '{'")
    }
    var scanner = SafetensorsScanner(path: path, bytes: bytes, header: 8..<dataStart)
    try readMembers(&scanner)
    try checkLayout(path: path, dataCount: bytes.count - dataStart)
  }

  private mutating func readMembers(_ scanner: inout SafetensorsScanner) throws(FileError) {
    var names: Set<String> = []
    var header = self
    try scanner.object { (scanner: inout SafetensorsScanner, name: String) throws(FileError) in
      guard names.insert(name).inserted else { throw scanner.failure("the name '\(name)' appears twice") }
      if name == Self.metadataKey {
        try header.readMetadata(&scanner)
      } else {
        header.entries.append(try Self.readEntry(name, &scanner))
      }
    }
    try scanner.expectEnd()
    self = header
  }

  private mutating func readMetadata(_ scanner: inout SafetensorsScanner) throws(FileError) {
    var header = self
    try scanner.object { (scanner: inout SafetensorsScanner, key: String) throws(FileError) in
      let (value, range) = try scanner.string()
      guard header.metadata.updateValue(value, forKey: key) == nil else {
        throw scanner.failure("the metadata key '\(key)' appears twice")
      }
      if key == Self.checksumKey { header.checksumRange = range }
    }
    self = header
  }

  private static func readEntry(
    _ name: String, _ scanner: inout SafetensorsScanner
  ) throws(FileError) -> SafetensorsFile.Entry {
    var type: SafetensorsType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner: inout SafetensorsScanner, key: String) throws(FileError) in
      let isRepeated: Bool
      switch key {
      case "dtype":
        let word = try scanner.string().value
        guard let known = SafetensorsType(rawValue: word) else {
          throw scanner.failure("tensor '\(name)' has the unknown type '\(word)'")
        }
        isRepeated = type != nil
        type = known
      case "shape":
        isRepeated = shape != nil
        shape = try scanner.wholeNumbers()
      case "data_offsets":
        isRepeated = offsets != nil
        offsets = try scanner.wholeNumbers()
      default:
        throw scanner.failure("tensor '\(name)' has the unknown field '\(key)'")
      }
      guard !isRepeated else { throw scanner.failure("tensor '\(name)' has the field '\(key)' twice") }
    }
    guard let type, let shape, let offsets else {
      throw scanner.failure("tensor '\(name)' needs the fields dtype, shape and data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.failure("the data_offsets of tensor '\(name)' must be a begin and an end not before it")
    }
    return SafetensorsFile.Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// The tensors' data must fill the rest of the file, each byte once.
  private mutating func checkLayout(path: String, dataCount: Int) throws(FileError) {
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let fault =
          entry.range.lowerBound < end ? "overlap the data before them" : "leave a hole after the data before them"
        throw FileError(
          path,
          "the data of tensor '\(entry.name)' begin at offset \(entry.range.lowerBound) and \(fault), which end at \(end)"
        )
      }
      guard let count = entry.type.byteCount(shape: entry.shape) else {
        throw FileError(path, "tensor '\(entry.name)' of shape \(entry.shape) is larger than any memory")
      }
      guard entry.range.count == count else {
        throw FileError(
          path,
          "tensor '\(entry.name)' has \(entry.range.count) bytes, "
            + "but \(entry.type.rawValue) of shape \(entry.shape) takes \(count)")
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else {
      let fault = end > dataCount ? "it is truncated" : "bytes follow that belong to no tensor"
      throw FileError(path, "its tensors take \(end) bytes, but the file holds \(dataCount) for them: \(fault)")
    }
  }
}
