import Files
import Foundation

/// A decoded data set on disk: a mark, the samples, the labels, and at the end what they are.
///
///     "swift-gan data 1"  16 bytes, zeros up to byte 64
///     samples             count x bytes a sample
///     labels              count x 4 bytes, little endian, when there are any
///     contents            JSON
///     SHA-256 of it       64 hexadecimal digits
///     its length          8 bytes, little endian
enum DecodedFile {
  /// What the file holds and what it was made from.
  struct Contents: Codable {
    var key: String
    var description: DatasetDescription
    var count: Int
    var hasLabels: Bool
    var unreadable: [UnreadableFile]
    var fingerprint: String
  }

  private static let mark = Array("swift-gan data 1".utf8)
  private static let samplesOffset = 64
  private static let trailerCount = 64 + 8

  /// Decodes `production` into the file at `path`, which appears whole or not at all.
  static func write(_ production: Production, key: String, to path: String) throws {
    try AtomicFile.write(to: path) { writer in
      try write(mark + [UInt8](repeating: 0, count: samplesOffset - mark.count), to: &writer)
      var hash = ContentHash(production.producer.description)
      var count = 0
      let result = try production.run { block in
        hash.add(samples: block)
        count += block.count / production.producer.description.bytesPerSample
        try writer.write(block)
      }
      if let labels = result.labels { try labels.map(\.littleEndian).withUnsafeBytes { try writer.write($0) } }
      let contents = Contents(
        key: key, description: production.producer.description, count: count, hasLabels: result.labels != nil,
        unreadable: result.unreadable, fingerprint: hash.finish(labels: result.labels))
      let json = try JSONEncoder().encode(contents)
      try write(Array(json), to: &writer)
      try write(Array(digest(json).utf8), to: &writer)
      try withUnsafeBytes(of: UInt64(json.count).littleEndian) { try writer.write($0) }
    }
    vouch(for: path)
  }

  /// The data set in the file at `path`, mapped, after its length and its contents were checked; its samples too, by
  /// their digest, unless they were checked before and the file has not changed since.
  ///
  /// - Throws: ``FileError`` that says what is wrong with the file.
  static func read(_ path: String, key: String, split: Split, notices: [String]) throws -> Dataset {
    let file = try MappedFile(path, minimumCount: samplesOffset + trailerCount)
    let bytes = file.bytes
    guard bytes.starts(with: mark) else { throw FileError(path, "this is no decoded data set of this version") }
    let length = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self).littleEndian
    guard length <= UInt64(bytes.count - samplesOffset - trailerCount) else {
      throw FileError(path, "the file is damaged: its contents would be \(length) bytes long")
    }
    let jsonStart = bytes.count - trailerCount - Int(length)
    let json = Data(bytes[jsonStart..<(jsonStart + Int(length))])
    guard bytes[(bytes.count - trailerCount)..<(bytes.count - 8)].elementsEqual(digest(json).utf8) else {
      throw FileError(path, "the file is damaged: its contents and their digest differ")
    }
    let contents = try JSONDecoder().decode(Contents.self, from: json)
    guard contents.key == key else { throw FileError(path, "the file holds another data set") }
    let samplesEnd = samplesOffset + contents.count * contents.description.bytesPerSample
    guard samplesEnd + (contents.hasLabels ? 4 * contents.count : 0) == jsonStart else {
      throw FileError(path, "the file has \(bytes.count) bytes, which \(contents.count) samples do not fill")
    }
    let labels: [Int32]? =
      contents.hasLabels
      ? (0..<contents.count).map {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: samplesEnd + 4 * $0, as: Int32.self))
      } : nil
    let isChecked = isVouched(for: path)
    let dataset = try Dataset(
      description: contents.description, split: split, samples: .mapped(file, samplesOffset..<samplesEnd, path: path),
      labels: labels, unreadable: contents.unreadable, notices: notices,
      fingerprint: isChecked ? contents.fingerprint : nil)
    guard dataset.fingerprint == contents.fingerprint else {
      throw FileError(path, "the file is damaged: its samples and their digest differ")
    }
    if !isChecked { vouch(for: path) }
    return dataset
  }

  /// Where it is kept which state of the file at `path` was checked: its samples can be gigabytes.
  private static func stampFile(_ path: String) -> String { path + ".checked" }

  private static func isVouched(for path: String) -> Bool {
    guard let stamp = FileStamp(path), let file = try? MappedFile(stampFile(path)) else { return false }
    return file.withBytes { $0.elementsEqual(stamp.description.utf8) }
  }

  /// Keeps the file's present state as checked. Where that cannot be written the samples are checked again next time, which
  /// costs time alone.
  private static func vouch(for path: String) {
    guard let stamp = FileStamp(path) else { return }
    try? AtomicFile.write(Array(stamp.description.utf8), to: stampFile(path))
  }

  private static func digest(_ json: Data) -> String { json.withUnsafeBytes { SHA256.digest($0) } }

  private static func write(_ bytes: [UInt8], to writer: inout AtomicFile.Writer) throws {
    try bytes.withUnsafeBytes { try writer.write($0) }
  }
}
