import Files

/// The digest behind ``Dataset/fingerprint``: SHA-256 of the first column's element, shape and rows, then of the classes, then,
/// where there are further columns, of what these are called and of their digest, row by row.
struct ContentHash: ~Copyable {
  private var hash = SHA256()
  private var further = SHA256()
  private let furtherNames: String

  /// Of a set whose columns but its classes are these.
  init(_ columns: [ColumnDescription]) {
    if let first = columns.first {
      let format = first.format
      let isSample = format.kind == .pictures || format.kind == .points
      let sample = isSample ? format.sampleShape : nil
      hash.update(Array("\(sample.map { "\(format.element.rawValue) \($0)" } ?? Self.words(format))\n".utf8))
    }
    furtherNames = columns.dropFirst().map { "\($0.name): \(Self.words($0.format))\n" }.joined()
  }

  private static func words(_ format: ColumnFormat) -> String {
    "\(format.kind.rawValue) \(format.element.rawValue) \(format.shape.map(String.init).joined(separator: "x"))"
  }

  /// The digest of several sets that are used together, by theirs.
  static func fingerprint(of parts: [String]) -> String {
    Array(parts.joined(separator: "\n").utf8).withUnsafeBytes { SHA256.digest($0) }
  }

  static func fingerprint(_ columns: [StoredColumn]) -> String {
    let classes = columns.first { $0.name == Dataset.classesName }
    let others = columns.filter { $0.name != Dataset.classesName }
    var hash = ContentHash(others.map(\.description))
    others.first?.withUnsafeBytes { hash.add(first: $0) }
    if others.count > 1, let count = others.first?.count {
      for row in 0..<count {
        for column in others.dropFirst() { column.withRows(row..<(row + 1)) { hash.add(further: $0) } }
      }
    }
    return hash.finish(labels: classes?.integers)
  }

  /// Adds rows of the first column.
  mutating func add(first rows: UnsafeRawBufferPointer) { hash.update(rows) }

  /// Adds a row of all further columns, or of the next of them.
  mutating func add(further row: UnsafeRawBufferPointer) { further.update(row) }

  consuming func finish(labels: [Int32]?) -> String {
    if let labels { labels.map(\.littleEndian).withUnsafeBytes { hash.update($0) } }
    let (names, rows) = (furtherNames, further.finish())
    if !names.isEmpty { hash.update(Array((names + rows).utf8)) }
    return hash.finish()
  }
}
