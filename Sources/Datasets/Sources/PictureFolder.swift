import Files
import Glibc

/// The PNG and JPEG files in a folder and its sub-folders, in the byte order of their paths.
struct PictureFolder {
  /// A picture file.
  struct File: Sendable {
    let path: String
    let stamp: FileStamp
    /// The sub-folder of the first level that it lies in.
    let group: String?
  }

  let path: String
  private(set) var files: [File] = []
  private(set) var unreadable: [UnreadableFile] = []

  /// Lists the files named `.png`, `.jpg`, `.jpeg`, `.jfif` or `.jpe`, in either case; hidden ones are passed over, links are followed.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read or holds no picture.
  init(_ path: String) throws(FileError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError.system(path, "read the folder") }
    let failure = list(path, group: nil, level: 0, above: [FolderIdentity(status)])
    if let failure { throw failure }
    guard !files.isEmpty else {
      throw FileError(
        path, "there is no picture in the folder; files named .png, .jpg, .jpeg, .jfif or .jpe are looked for")
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Lists `folder`; `above` are the folders that it lies in and itself, lest a link leads round in circles.
  ///
  /// - Returns: why the folder itself cannot be read.
  private mutating func list(_ folder: String, group: String?, level: Int, above: Set<FolderIdentity>) -> FileError? {
    guard let directory = opendir(folder) else { return FileError.system(folder, "read the folder") }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let path = folder + "/" + name
      var status = stat()
      guard stat(path, &status) == 0 else {
        let error = FileError.system(path, "read the file")
        unreadable.append(UnreadableFile(path: path, reason: error.reason))
        continue
      }
      let identity = FolderIdentity(status)
      if status.st_mode & S_IFMT == S_IFREG, Self.isPicture(name) {
        files.append(File(path: path, stamp: FileStamp(status), group: group))
      } else if status.st_mode & S_IFMT == S_IFDIR, !above.contains(identity) {
        let failure = list(path, group: level == 0 ? name : group, level: level + 1, above: above.union([identity]))
        if let failure { unreadable.append(UnreadableFile(path: failure.path, reason: failure.reason)) }
      }
    }
    return nil
  }

  /// Whether `name` ends as a picture's does.
  static func isPicture(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased()
    return [".png", ".jpg", ".jpeg", ".jfif", ".jpe"].contains { name.hasSuffix($0) }
  }

  /// The part of the folder for `split`: its sub-folder `train` or `test` where it has both, else all of it.
  static func part(of path: String, split: Split) -> (path: String, isWhole: Bool) {
    let parts = Split.allCases.map { path + "/" + $0.rawValue }
    let hasBoth = parts.allSatisfy { part in
      var status = stat()
      return stat(part, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
    return hasBoth ? (path + "/" + split.rawValue, false) : (path, true)
  }
}

/// What tells a folder from all others, however one came to it.
private struct FolderIdentity: Hashable {
  let device: UInt
  let number: UInt

  init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
}
