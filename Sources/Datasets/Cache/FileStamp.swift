import Files

/// What tells that a file is still the one that was decoded, without reading it: its size and times, and its number in the
/// file system. Contents can be exchanged under an equal size and time of modification, but not without a change of the
/// number or of the time that only the system sets.
struct FileStamp: Sendable, CustomStringConvertible {
  private let status: FileStatus

  /// nil when there is no file at `path`.
  init?(_ path: String) {
    guard let status = FileStatus.at(path) else { return nil }
    self.init(status)
  }

  init(_ status: FileStatus) { self.status = status }

  var description: String {
    let (modified, changed) = (status.modified, status.changed)
    return "\(status.size) bytes, modified \(modified.seconds).\(modified.nanoseconds), changed \(changed.seconds)."
      + "\(changed.nanoseconds), number \(status.identity.number)"
  }

  /// A line for each of `paths` that tells one state of them from another.
  static func lines(_ paths: [String]) -> String {
    paths.map { "\($0): \(FileStamp($0)?.description ?? "missing")" }.joined(separator: "\n")
  }
}
