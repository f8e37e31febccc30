import Files

/// Where the samples of a data set lie.
enum SampleStorage: Sendable {
  case memory(AlignedBytes)
  /// A range of a mapped file; the path tells whether the file was shortened since.
  case mapped(MappedFile, Range<Int>, path: String)

  var byteCount: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .mapped(_, let range, _): range.count
    }
  }

  func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    switch self {
    case .memory(let bytes): return try bytes.withUnsafeBytes(body)
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
