import Files

/// Writes files in the safetensors format, whole or not at all (see `AtomicFile`).
///
/// The same tensors and metadata give the same bytes: tensors are laid out by type, the largest first, then by name, as the
/// Rust original does; metadata keys are sorted. The data begins at a multiple of 8 bytes.
public enum SafetensorsWriter {
  /// A tensor to write.
  public struct Item {
    /// Its name; `__metadata__` is taken by the format.
    public let name: String
    /// The type of its elements.
    public let type: SafetensorsType
    /// Its shape, empty for a scalar.
    public let shape: [Int]
    /// Calls its argument once with the tensor's bytes: row-major, little-endian.
    let withBytes: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// A tensor whose bytes lie ready, row-major and little-endian; they must outlive the writing.
    public init(_ name: String, _ type: SafetensorsType, shape: [Int], bytes: UnsafeRawBufferPointer) {
      self.init(name, type, shape: shape) { try $0(bytes) }
    }

    /// A tensor whose bytes are brought forth when they are needed, so that a copy from a device or in another memory
    /// format need not stay for the whole file.
    ///
    /// - Parameter withBytes: calls its argument once with the bytes. It is called once to write, and once before
    ///   that when the file carries a checksum.
    public init(
      _ name: String, _ type: SafetensorsType, shape: [Int],
      withBytes: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) {
      self.name = name
      self.type = type
      self.shape = shape
      self.withBytes = withBytes
    }
  }

  /// Writes `items` and `metadata` to `path`.
  ///
  /// - Parameter checksum: whether the file carries its own SHA-256, for ``SafetensorsFile/verifyChecksum()``.
  /// - Throws: an error that names the path when two items share a name, bytes do not match a shape, the header grows past
  ///   100 MB, or the disk refuses; what was at `path` is untouched then.
  public static func write(
    _ items: [Item], metadata: [String: String] = [:], to path: String, checksum: Bool = false
  ) throws {
    guard metadata[SafetensorsHeader.checksumKey] == nil else {
      throw FileError(path, "the metadata key '\(SafetensorsHeader.checksumKey)' is kept for the file's checksum")
    }
    let items = items.sorted {
      $0.type == $1.type ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.type.rank > $1.type.rank
    }
    var metadata = metadata
    if checksum { metadata[SafetensorsHeader.checksumKey] = String(repeating: "0", count: 64) }
    let layout = try ranges(of: items, path: path)
    var head = try header(items, layout, metadata, path: path)
    if checksum {
      var hash = SHA256()
      head.withUnsafeBytes { hash.update($0) }
      for (item, range) in zip(items, layout) {
        try withCheckedBytes(of: item, range.count, path: path) { hash.update($0) }
      }
      metadata[SafetensorsHeader.checksumKey] = hash.finish()
      head = try header(items, layout, metadata, path: path)
    }
    try AtomicFile.write(to: path) { writer in
      try head.withUnsafeBytes { try writer.write($0) }
      for (item, range) in zip(items, layout) {
        try withCheckedBytes(of: item, range.count, path: path) { try writer.write($0) }
      }
    }
  }

  /// Where each item's data goes, counted from the header's end.
  private static func ranges(of items: [Item], path: String) throws -> [Range<Int>] {
    var names: Set<String> = [SafetensorsHeader.metadataKey]
    var end = 0
    return try items.map { item in
      guard names.insert(item.name).inserted else {
        let isReserved = item.name == SafetensorsHeader.metadataKey
        throw FileError(
          path, "the tensor name '\(item.name)' is \(isReserved ? "kept for the metadata" : "given twice")")
      }
      guard let count = item.type.byteCount(shape: item.shape), end <= Int.max - count else {
        throw FileError(path, "tensor '\(item.name)' cannot have the shape \(item.shape)")
      }
      defer { end += count }
      return end..<end + count
    }
  }

  private static func withCheckedBytes(
    of item: Item, _ count: Int, path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var calls = 0
    try item.withBytes { bytes in
      guard bytes.count == count else {
        throw FileError(
          path,
          "tensor '\(item.name)' gave \(bytes.count) bytes, "
            + "but \(item.type.rawValue) of shape \(item.shape) takes \(count)")
      }
      calls += 1
      try body(bytes)
    }
    precondition(calls == 1, "the bytes of tensor '\(item.name)' were handed over \(calls) times, not once")
  }

  /// The file up to its data: the header's length, then the header, padded to a multiple of 8 bytes.
  private static func header(
    _ items: [Item], _ layout: [Range<Int>], _ metadata: [String: String], path: String
  ) throws -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        quote(SafetensorsHeader.metadataKey) + ":{"
          + pairs.map { quote($0.key) + ":" + quote($0.value) }.joined(separator: ",") + "}")
    }
    for (item, range) in zip(items, layout) {
      let shape = item.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quote(item.name)):{\"dtype\":\"\(item.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}")
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
    guard text.count <= SafetensorsHeader.maximumCount else {
      throw FileError(
        path, "the header would have \(text.count) bytes, more than the \(SafetensorsHeader.maximumCount) allowed")
    }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  /// `text` as a JSON string, escaped where JSON demands it and nowhere else.
  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{c}": quoted += "\\f"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
