import Glibc

/// The bytes of a file, mapped into memory for reading: pages come in as they are touched and may be dropped again.
public final class MappedFile: @unchecked Sendable {
  /// The whole file. Valid as long as this object lives, which without ``withBytes(_:)`` may be only until its last use.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`.
  ///
  /// - Throws: ``FileError`` when it is missing, unreadable, no plain file, or smaller than `minimumCount` bytes.
  public init(_ path: String, minimumCount: Int = 0) throws(FileError) {
    let descriptor = path.withPathBytes { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.system(path, "open the file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.system(path, "read the file's size") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, "this is not a plain file") }
    let count = Int(status.st_size)
    guard count >= minimumCount else {
      throw FileError(path, "the file has \(count) bytes where at least \(minimumCount) are needed; it is truncated")
    }
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw FileError.system(path, "map the file")
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  /// Calls `body` with the file's bytes, which end with the object: Swift may release it after its last use, even while
  /// a pointer taken from it is at work.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
