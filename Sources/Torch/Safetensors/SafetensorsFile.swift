import Files

/// A file in the [safetensors](https://github.com/huggingface/safetensors) format, mapped into memory and checked.
///
/// Opening reads and checks the header alone: at most 100 MB, strict UTF-8 JSON without a name given twice, known types,
/// sizes that match the shapes, and data that fills the rest of the file without a hole or an overlap. The tensors' bytes
/// are never copied; pages come in as they are touched.
///
/// ```swift
/// let file = try SafetensorsFile("generator.safetensors")
/// for entry in file.entries { print(entry.name, entry.type, entry.shape) }
/// ```
public final class SafetensorsFile: Sendable {
  /// A tensor of the file.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The type of its elements.
    public let type: SafetensorsType
    /// Its shape, empty for a scalar; its elements stand in row-major order, little-endian.
    public let shape: [Int]
    /// Its bytes, counted from where the header ends.
    public let range: Range<Int>
  }

  /// The file, as the caller named it.
  public let path: String
  /// What the header says about the file beside its tensors.
  public let metadata: [String: String]
  /// The tensors, in the order of their data.
  public let entries: [Entry]

  private let mapped: MappedFile
  private let dataStart: Int
  private let checksumRange: Range<Int>?
  private let indices: [String: Int]

  /// Maps the file at `path` and checks its header.
  ///
  /// - Throws: an error that names the path and the first rule that the file breaks.
  public init(_ path: String) throws(FileError) {
    mapped = try MappedFile(path)
    let header = try SafetensorsHeader(path: path, bytes: mapped.bytes)
    self.path = path
    metadata = header.metadata
    entries = header.entries
    dataStart = header.dataStart
    checksumRange = header.checksumRange
    indices = Dictionary(uniqueKeysWithValues: zip(header.entries.map(\.name), header.entries.indices))
  }

  /// The tensor of that name.
  public func entry(_ name: String) -> Entry? {
    indices[name].map { entries[$0] }
  }

  /// The bytes of the tensor of that name, valid as long as this object lives.
  ///
  /// They are aligned to their element type in files of ``SafetensorsWriter``; other writers need not align them.
  public func bytes(of name: String) -> UnsafeRawBufferPointer? {
    entry(name).map { entry in
      let start = dataStart + entry.range.lowerBound
      return UnsafeRawBufferPointer(rebasing: mapped.bytes[start..<start + entry.range.count])
    }
  }

  /// Whether the file carries a checksum (``SafetensorsWriter`` puts it into the metadata under `sha256`).
  public var hasChecksum: Bool { checksumRange != nil }

  /// Reads the whole file and compares it with the checksum that it carries.
  ///
  /// The checksum is the SHA-256 of the whole file, taken with the checksum's own 64 digits as zeros.
  /// - Throws: an error that says that the file is damaged, or that it carries no checksum.
  public func verifyChecksum() throws(FileError) {
    guard let range = checksumRange, range.count == 64 else {
      throw FileError(path, "the file carries no checksum; it is damaged, or it was not written as a checkpoint")
    }
    var hash = SHA256()
    hash.update(UnsafeRawBufferPointer(rebasing: mapped.bytes[..<range.lowerBound]))
    hash.update(repeatElement(UInt8(ascii: "0"), count: range.count))
    hash.update(UnsafeRawBufferPointer(rebasing: mapped.bytes[range.upperBound...]))
    guard hash.finish().utf8.elementsEqual(mapped.bytes[range]) else {
      throw FileError(path, "the file's checksum does not match its contents; it is damaged")
    }
  }
}
