import Files
import Glibc

/// A well-known data set: which files it has, and where they come from.
public struct NamedSet: Sendable {
  /// The name that a user types, as in `mnist`.
  public let name: String
  /// The shapes in which a folder may hold the set; what a download gives comes first.
  package let layouts: [Layout]
  /// What is downloaded.
  package let files: [RemoteFile]
  /// Addresses that hold the files under their names, tried in this order. They end in a slash.
  package let mirrors: [String]

  package init(name: String, layouts: [Layout], files: [RemoteFile], mirrors: [String]) {
    self.name = name
    self.layouts = layouts
    self.files = files
    self.mirrors = mirrors
  }

  /// Files that together hold the set.
  package struct Layout: Sendable {
    /// File names; each may also be there as `NAME.gz`.
    package let files: [String]
    /// The folder that the set's own archive unpacks to, below the one that the user names.
    package let subfolder: String?

    package init(_ files: [String], subfolder: String? = nil) {
      self.files = files
      self.subfolder = subfolder
    }

    /// The files that are missing in `folder`.
    func missing(in folder: String) -> [String] {
      files.filter { !FileSystem.isReadable("\(folder)/\($0)") && !FileSystem.isReadable("\(folder)/\($0).gz") }
    }
  }

  /// A file that is downloaded, with what makes it recognisable.
  package struct RemoteFile: Sendable {
    package let name: String
    package let byteCount: Int
    /// 64 lower-case hexadecimal digits.
    package let sha256: String
    /// For a `.tar.gz` archive: the members that are unpacked beside it, before it is removed.
    package let members: [String]

    package init(_ name: String, byteCount: Int, sha256: String, members: [String] = []) {
      self.name = name
      self.byteCount = byteCount
      self.sha256 = sha256
      self.members = members
    }
  }

  /// The folder with this set's files where they are on this machine already: in `$GAN_DATA/NAME`, else `CACHE/data/NAME`.
  public func found(environment: [String: String], cache: String) -> String? {
    let root = environment["GAN_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    return [root, cache + "/data"].compactMap { $0 }.lazy.compactMap { folder(in: $0 + "/" + name) }.first
  }

  /// The folder with this set's files: `directory`, else `$GAN_DATA/NAME`, else `CACHE/data/NAME`, into which they are
  /// downloaded where they are in none of them.
  package func locate(
    directory: String?, environment: [String: String], cache: String, limits: DownloadLimits = DownloadLimits(),
    progress: ((DownloadProgress) -> Void)? = nil
  ) throws -> String {
    if let directory {
      guard let folder = folder(in: directory) else { throw incomplete(directory) }
      return folder
    }
    if let folder = found(environment: environment, cache: cache) { return folder }
    let own = environment["GAN_DATA"].map { $0 + "/" + name }
    let incompleteFolder = own.flatMap { FileSystem.exists($0) ? incomplete($0) : nil }
    let destination = cache + "/data/" + name
    try FileSystem.createFolder(destination)
    let lock = try lock(destination, limits: limits)
    try withExtendedLifetime(lock) {
      let downloader = Downloader(
        set: self, environment: environment, limits: limits, incompleteFolder: incompleteFolder, progress: progress)
      // Another process may have finished while this one waited for the lock.
      if folder(in: destination) != nil { return }
      for file in files {
        try downloader.fetch(file, into: destination)
        try unpack(file, in: destination)
      }
    }
    guard let folder = folder(in: destination) else { throw incomplete(destination) }
    return folder
  }

  /// Where `file` may be found: `$GAN_MIRROR` first, then the usual mirrors.
  func addresses(of file: RemoteFile, environment: [String: String]) -> [String] {
    var own: [String] = []
    if var base = environment["GAN_MIRROR"], !base.isEmpty {
      while base.hasSuffix("/") { base.removeLast() }
      own = ["\(base)/\(name)/\(file.name)"]
    }
    return own + mirrors.map { $0 + file.name }
  }

  /// `directory` or its subfolder, if it holds the whole set in one of its shapes.
  private func folder(in directory: String) -> String? {
    for layout in layouts {
      for folder in [directory] + (layout.subfolder.map { [directory + "/" + $0] } ?? [])
      where layout.missing(in: folder).isEmpty {
        return folder
      }
    }
    return nil
  }

  private func incomplete(_ directory: String) -> FileError {
    guard FileSystem.exists(directory) else { return FileError(directory, "there is no such folder") }
    if let archive = files.first(where: { !$0.members.isEmpty && FileSystem.exists("\(directory)/\($0.name)") }) {
      return FileError(
        directory, "\(archive.name) is not unpacked: tar -xzf \(directory)/\(archive.name) -C \(directory)")
    }
    let missing = layouts.map { $0.missing(in: directory) }.min { $0.count < $1.count } ?? []
    return FileError(
      directory, "these files of \(name) are missing, plain or as .gz: \(missing.joined(separator: ", "))")
  }

  private func unpack(_ file: RemoteFile, in folder: String) throws {
    guard !file.members.isEmpty else { return }
    let archive = folder + "/" + file.name
    try TarArchive.unpack(archive, members: file.members, into: folder)
    FileSystem.remove(archive)
  }

  /// Keeps two processes from writing the same files; waits for the other as long as its download grows.
  private func lock(_ destination: String, limits: DownloadLimits) throws -> FileLock {
    let path = destination + ".lock"
    var size = -1
    var lastGrowth = ContinuousClock.now
    while true {
      do {
        return try FileLock(path)
      } catch {
        // A lock file that can be written is locked by somebody; any other trouble does not pass by waiting.
        guard path.withPathBytes({ access($0, R_OK | W_OK) }) == 0 else { throw error }
        let now = bytesOnDisk(destination)
        if now != size { (size, lastGrowth) = (now, .now) }
        guard ContinuousClock.now - lastGrowth < limits.lock else { throw error }
      }
      usleep(100_000)
    }
  }

  private func bytesOnDisk(_ folder: String) -> Int {
    files.map { FileStatus.at("\(folder)/\($0.name).part")?.size ?? 0 }.reduce(0, +)
  }
}
