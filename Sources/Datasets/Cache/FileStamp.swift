import Files

/// A file's size and time of modification: what tells that it is still the one that was decoded.
struct FileStamp: CustomStringConvertible {
  let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// nil when there is no file at `path`.
  init?(_ path: String) {
    guard let status = FileStatus.at(path) else { return nil }
    self.init(status)
  }

  init(_ status: FileStatus) {
    size = status.size
    seconds = status.modified.seconds
    nanoseconds = status.modified.nanoseconds
  }

  var description: String { "\(size) bytes, \(seconds).\(nanoseconds)" }

  /// A line for each of `paths` that tells one state of them from another.
  static func lines(_ paths: [String]) -> String {
    paths.map { "\($0): \(FileStamp($0)?.description ?? "missing")" }.joined(separator: "\n")
  }
}
