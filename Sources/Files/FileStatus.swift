import Glibc

/// What the file system says of a file or folder.
public struct FileStatus: Sendable, Hashable {
  /// The kind of what is at a path; `link` only where links are not followed, `other` is a device, a pipe or a socket.
  public enum Kind: Sendable, Hashable { case file, folder, link, other }

  /// A time in seconds and nanoseconds since 1970.
  public struct Time: Sendable, Hashable {
    /// Whole seconds.
    public let seconds: Int
    /// What is left of them, 0 to 999,999,999.
    public let nanoseconds: Int

    init(_ time: timespec) { (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec) }
  }

  /// What tells a file or folder from all others, however one came to it.
  public struct Identity: Sendable, Hashable {
    /// The file system.
    public let device: UInt
    /// The inode in it.
    public let number: UInt
  }

  /// File, folder or other.
  public let kind: Kind
  /// Bytes.
  public let size: Int
  /// The same for every path and link that leads to it.
  public let identity: Identity
  /// When the contents were last written; programs can set it.
  public let modified: Time
  /// When contents, name or attributes last changed; only the system sets it.
  public let changed: Time

  /// The status of what is at `path`.
  ///
  /// - Parameter followingLinks: whether a link stands for what it leads to.
  /// - Throws: ``FileError`` when there is nothing at `path`, or it cannot be reached.
  public init(_ path: String, followingLinks: Bool = true) throws(FileError) {
    var status = stat()
    let result = path.withPathBytes { followingLinks ? stat($0, &status) : lstat($0, &status) }
    guard result == 0 else { throw FileError.system(path, "read the file") }
    self.init(status)
  }

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    identity = Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    (modified, changed) = (Time(status.st_mtim), Time(status.st_ctim))
  }

  /// The status of what is at `path`; nil when there is nothing that can be reached.
  public static func at(_ path: String) -> FileStatus? { try? FileStatus(path) }
}
