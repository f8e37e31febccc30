import Glibc

/// Queries of the file system other than contents. Paths are strings as in ``Swift/String/init(pathBytes:)``.
public enum FileSystem {
  /// Whether there is something at `path`.
  public static func exists(_ path: String) -> Bool { path.withPathBytes { access($0, F_OK) } == 0 }

  /// Whether a new file cannot have this name: there is something of it, be it a link that leads nowhere.
  public static func isTaken(_ path: String) -> Bool {
    var status = stat()
    return path.withPathBytes { lstat($0, &status) } == 0
  }

  /// Whether the file at `path` can be read.
  public static func isReadable(_ path: String) -> Bool { path.withPathBytes { access($0, R_OK) } == 0 }

  /// Whether there is a folder at `path`, or a link to one.
  public static func isFolder(_ path: String) -> Bool { FileStatus.at(path)?.kind == .folder }

  /// The names in a folder but `.` and `..`, in the order of their bytes.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read.
  public static func names(in folder: String) throws(FileError) -> [String] {
    guard let directory = folder.withPathBytes({ opendir($0) }) else {
      throw FileError.system(folder, "read the folder")
    }
    defer { closedir(directory) }
    var names: [[UInt8]] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileError.system(folder, "read the folder") }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(pathBytes: $0) }
  }

  /// The bytes that a plain file has while it is read. Unlike those of a ``MappedFile``, they stay as they are when another
  /// program cuts the file short, which ends a process that touches what was mapped.
  ///
  /// - Throws: ``FileError`` when the file cannot be read.
  public static func contents(of path: String) throws(FileError) -> [UInt8] {
    let descriptor = path.withPathBytes { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError.system(path, "open the file") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.system(path, "read the file's size") }
    guard FileStatus(status).kind == .file else { throw FileError(path, "this is not a plain file") }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let got = Glibc.read(descriptor, base + count, buffer.count - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { code = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    guard code == 0 else { throw FileError.system(path, "read the file", code: code) }
    return bytes
  }

  /// Makes the folder and those above it that are missing.
  ///
  /// - Throws: ``FileError`` when there is something else at `path`, or the folder cannot be made.
  public static func createFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    if let above = parent(of: path) { try createFolder(above) }
    guard path.withPathBytes({ mkdir($0, 0o755) }) != 0 else { return }
    let code = errno
    if isFolder(path) { return }
    guard code != EEXIST else { throw FileError(path, "this is a file where a folder is needed") }
    throw FileError.system(path, "create the folder", code: code)
  }

  /// Removes a file, or a link; false, with `errno`, when it stays.
  @discardableResult
  public static func remove(_ path: String) -> Bool { path.withPathBytes { unlink($0) } == 0 }

  /// Removes an empty folder; false, with `errno`, when it stays.
  @discardableResult
  public static func removeFolder(_ path: String) -> Bool { path.withPathBytes { rmdir($0) } == 0 }

  /// Gives a file or folder another path, in place of what is there; false, with `errno`, when it keeps its own.
  public static func rename(_ path: String, to other: String) -> Bool {
    path.withPathBytes { path in other.withPathBytes { Glibc.rename(path, $0) } } == 0
  }

  /// `path` from the root, without `.`, `..` and doubled slashes; links are not followed.
  public static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    let whole = path.hasPrefix("/") ? path : currentFolder + "/" + path
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The folder that relative paths begin in; `.` where it was removed.
  public static var currentFolder: String {
    guard let pointer = getcwd(nil, 0) else { return "." }
    defer { free(pointer) }
    return String(path: pointer)
  }

  /// `path` from the root with every link followed; nil when there is nothing there.
  public static func resolved(_ path: String) -> String? {
    guard let pointer = path.withPathBytes({ realpath($0, nil) }) else { return nil }
    defer { free(pointer) }
    return String(path: pointer)
  }

  private static func parent(of path: String) -> String? {
    let trimmed = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")), slash != trimmed.startIndex else { return nil }
    return String(trimmed[..<slash])
  }
}
