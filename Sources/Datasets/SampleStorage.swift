import Files

/// Where the rows of a column lie: a range of what is in memory or in a mapped file.
enum SampleStorage: Sendable {
  case memory(AlignedBytes, Range<Int>)
  /// The path tells whether the file was shortened since.
  case mapped(MappedFile, Range<Int>, path: String)

  /// All of `bytes`.
  static func memory(_ bytes: AlignedBytes) -> SampleStorage { .memory(bytes, 0..<bytes.count) }

  var byteCount: Int {
    switch self {
    case .memory(_, let range): range.count
    case .mapped(_, let range, _): range.count
    }
  }

  /// The bytes `range` of these.
  func part(_ range: Range<Int>) -> SampleStorage {
    func shifted(_ whole: Range<Int>) -> Range<Int> {
      (whole.lowerBound + range.lowerBound)..<(whole.lowerBound + range.upperBound)
    }
    return switch self {
    case .memory(let bytes, let whole): .memory(bytes, shifted(whole))
    case .mapped(let file, let whole, let path): .mapped(file, shifted(whole), path: path)
    }
  }

  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    switch self {
    case .memory(let bytes, let range):
      return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .mapped(let file, let range, _):
      return try withExtendedLifetime(file) { try body(UnsafeRawBufferPointer(rebasing: file.bytes[range])) }
    }
  }

  /// A file that was removed or replaced is no harm, its old bytes stay mapped until the end; one that was cut
  /// short is.
  func checkUnchanged() throws {
    guard case .mapped(let file, let range, let path) = self else { return }
    guard let status = FileStatus.at(path), status.size < range.upperBound else { return }
    throw FileError(
      path, "the file had \(file.bytes.count) bytes when it was opened and has \(status.size) now; start again")
  }
}
