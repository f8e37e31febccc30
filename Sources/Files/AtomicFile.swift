import Glibc

/// A file that appears whole or not at all: written under a temporary name, flushed to disk, then renamed.
///
/// If the process dies at any point, the old file stays as it was. What it leaves behind is named
/// `.NAME.partial-PID`, which ``removeLeftovers(in:)`` clears away.
public enum AtomicFile {
  /// Writes what `body` passes to its writer, in order, to `path`.
  ///
  /// - Throws: ``FileError`` when the disk is full or the folder cannot be written; the old file is then unchanged.
  public static func write(to path: String, _ body: (inout Writer) throws -> Void) throws {
    try refuseUnlessFile(path)
    let (folder, name) = split(path)
    let partial = folder + "/." + name + ".partial-\(getpid())"
    let descriptor = partial.withPathBytes { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw FileError.system(path, "create the file") }
    var writer = Writer(path: path, descriptor: descriptor)
    do {
      try body(&writer)
      guard fsync(descriptor) == 0 else { throw FileError.system(path, "flush the file to the disk") }
    } catch {
      close(descriptor)
      FileSystem.remove(partial)
      throw error
    }
    close(descriptor)
    guard FileSystem.rename(partial, to: path) else {
      let code = errno
      FileSystem.remove(partial)
      throw FileError.system(path, "rename the finished file into place", code: code)
    }
    try synchronizeFolder(folder)
  }

  /// Finds out before long work whether ``write(to:_:)`` to `path` would fail.
  ///
  /// - Throws: ``FileError`` when `path` is a folder or a device, or its folder is missing or must not be written.
  public static func check(_ path: String) throws(FileError) {
    try refuseUnlessFile(path)
    let folder = split(path).folder
    guard FileSystem.exists(folder) else { throw FileError(path, "there is no folder \(folder) to write it into") }
    guard FileSystem.isFolder(folder) else { throw FileError(path, "\(folder) is a file, not a folder") }
    guard folder.withPathBytes({ access($0, W_OK | X_OK) }) == 0 else {
      throw FileError.system(path, "create the file")
    }
  }

  /// Renaming would replace a device or pipe instead of writing to it, and fails on a folder.
  private static func refuseUnlessFile(_ path: String) throws(FileError) {
    guard !path.hasSuffix("/") else { throw FileError(path, "a file's name does not end in /") }
    switch FileStatus.at(path)?.kind {
    case .folder: throw FileError(path, "this is a folder; give the name of a file")
    case .other: throw FileError(path, "this is a device or a pipe; give the name of a plain file")
    case .file, .link, nil: break
    }
  }

  /// Writes `bytes` to `path`.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try write(to: path) { writer in
      let whole: Void? = try bytes.withContiguousStorageIfAvailable { try writer.write(UnsafeRawBufferPointer($0)) }
      if whole == nil { try Array(bytes).withUnsafeBytes { try writer.write($0) } }
    }
  }

  /// Removes the partial files that a killed process left in `folder`; files of live processes stay.
  public static func removeLeftovers(in folder: String) {
    guard let names = try? FileSystem.names(in: folder) else { return }
    for name in names {
      guard name.hasPrefix("."), let mark = name.firstRange(of: ".partial-"),
        let pid = pid_t(name[mark.upperBound...])
      else { continue }
      if pid != getpid() && kill(pid, 0) != 0 && errno == ESRCH { FileSystem.remove(folder + "/" + name) }
    }
  }

  /// Where an atomic write puts its bytes.
  public struct Writer {
    let path: String
    let descriptor: Int32

    /// Makes `offset`, counted from the beginning, the place where the next bytes go. What is passed over and never
    /// written is zero.
    package mutating func seek(to offset: Int) throws {
      guard lseek(descriptor, offset, SEEK_SET) == offset else { throw FileError.system(path, "write the file") }
    }

    /// Appends `bytes`.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(descriptor, base, rest.count)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw FileError.system(path, "write the file") }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// Flushes the names that `folder` holds to the disk, so that a renamed file survives a power cut.
  package static func synchronizeFolder(_ folder: String) throws {
    let descriptor = folder.withPathBytes { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.system(folder, "open the folder") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError.system(folder, "flush the folder to the disk") }
  }
}
