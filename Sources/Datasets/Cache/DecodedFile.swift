import Files
import Foundation

/// A decoded data set on disk: a mark, the columns, and at the end what they are.
///
///     "swift-gan data 2"  16 bytes, zeros up to byte 64
///     columns             rows one after the other, each column at a multiple of 64
///     contents            JSON
///     SHA-256 of it       64 hexadecimal digits
///     its length          8 bytes, little endian
enum DecodedFile {
  /// What the file holds and what it was made from.
  private struct Contents: Codable {
    struct Column: Codable {
      var name: String
      var format: ColumnFormat
      var offset: Int
    }

    var key: String
    var name: String
    var count: Int
    var columns: [Column]
    var unreadable: [UnreadableFile]
    var fingerprint: String
  }

  private static let mark = Array("swift-gan data 2".utf8)
  private static let firstOffset = 64
  private static let trailerCount = 64 + 8

  /// Decodes `production` into the file at `path`, which appears whole or not at all.
  static func write(_ production: Production, key: String, to path: String) throws {
    let description = production.producer.description
    // Room for all samples: those that cannot be read leave a hole.
    let offsets = description.offsets(count: production.producer.count).map { firstOffset + $0 }
    try AtomicFile.write(to: path) { writer in
      try write(mark, to: &writer)
      var hash = ContentHash(description.columns)
      let (rowBytes, firstBytes) = (description.rowBytes, description.columns[0].format.rowBytes)
      var count = 0
      let result = try production.run { block in
        try description.forEachColumn(of: block) { column, rows in
          if column == 0 { hash.add(first: rows) }
          try writer.seek(to: offsets[column] + count * description.columns[column].format.rowBytes)
          try writer.write(rows)
        }
        let rows = block.count / rowBytes
        if rowBytes > firstBytes {
          for row in 0..<rows {
            hash.add(
              further: UnsafeRawBufferPointer(rebasing: block[(row * rowBytes + firstBytes)..<((row + 1) * rowBytes)]))
          }
        }
        count += rows
      }
      var columns = zip(description.columns, offsets).map {
        Contents.Column(name: $0.name, format: $0.format, offset: $1)
      }
      try writer.seek(to: offsets[offsets.count - 1])
      if let labels = result.labels {
        let column = description.classes(labels)
        columns.append(Contents.Column(name: column.name, format: column.format, offset: offsets[offsets.count - 1]))
        try column.withUnsafeBytes { try writer.write($0) }
      }
      let contents = Contents(
        key: key, name: description.name, count: count, columns: columns, unreadable: result.unreadable,
        fingerprint: hash.finish(labels: result.labels))
      let json = try JSONEncoder().encode(contents)
      try write(Array(json), to: &writer)
      try write(Array(digest(json).utf8), to: &writer)
      try withUnsafeBytes(of: UInt64(json.count).littleEndian) { try writer.write($0) }
    }
    vouch(for: path)
  }

  /// The data set in the file at `path`, mapped, after its length and its contents were checked; its rows too, by
  /// their digest, unless they were checked before and the file has not changed since.
  ///
  /// - Throws: ``FileError`` that says what is wrong with the file.
  static func read(_ path: String, key: String, split: Split, notices: [String]) throws -> Dataset {
    let file = try MappedFile(path, minimumCount: firstOffset + trailerCount)
    let bytes = file.bytes
    guard bytes.starts(with: mark) else { throw FileError(path, "this is not a decoded data set of this version") }
    let length = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self).littleEndian
    guard length <= UInt64(bytes.count - firstOffset - trailerCount) else {
      throw FileError(path, "the file is damaged: its contents would be \(length) bytes long")
    }
    let jsonStart = bytes.count - trailerCount - Int(length)
    let json = Data(bytes[jsonStart..<(jsonStart + Int(length))])
    guard bytes[(bytes.count - trailerCount)..<(bytes.count - 8)].elementsEqual(digest(json).utf8) else {
      throw FileError(path, "the file is damaged: its contents and their digest differ")
    }
    let contents = try JSONDecoder().decode(Contents.self, from: json)
    guard contents.key == key else { throw FileError(path, "the file holds another data set") }
    let columns = try contents.columns.map { column in
      let end = column.offset + contents.count * column.format.rowBytes
      guard column.offset >= firstOffset, end <= jsonStart else {
        throw FileError(
          path, "the file has \(bytes.count) bytes, too few for \(contents.count) rows of column '\(column.name)'")
      }
      return StoredColumn(column.name, column.format, .mapped(file, column.offset..<end, path: path))
    }
    let isChecked = isVouched(for: path)
    let dataset = try Dataset(
      name: contents.name, split: split, columns: columns, unreadable: contents.unreadable, notices: notices,
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
