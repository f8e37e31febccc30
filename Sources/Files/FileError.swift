#if canImport(Glibc)
  import Glibc
#endif

/// What went wrong with a file: which one, and why.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file or folder, as the caller named it.
  public let path: String
  /// A sentence without its full stop: what is wrong and, where it helps, what would be right.
  public let reason: String

  /// An error about the file at `path`.
  public init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The error of the last failed system call, as in "cannot write: No space left on device".
  public static func system(_ path: String, _ action: String, code: Int32 = errno) -> FileError {
    FileError(path, "cannot \(action): \(String(cString: strerror(code)))")
  }

  /// The path, a colon, the reason.
  public var description: String { "\(path): \(reason)" }
}
