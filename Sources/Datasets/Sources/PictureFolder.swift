import Files

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

  /// Lists the files named `.png`, `.jpg` or `.jpeg`, in either case; hidden ones are passed over, links are followed.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read or holds no picture.
  init(_ path: String) throws(FileError) {
    self.path = path
    let failure = list(path, group: nil, level: 0, above: [try FileStatus(path).identity])
    if let failure { throw failure }
    guard !files.isEmpty else {
      throw FileError(path, "there is no picture in the folder; files named .png, .jpg or .jpeg are looked for")
    }
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Lists `folder`; `above` are the folders that it lies in and itself, lest a link leads round in circles.
  ///
  /// - Returns: why the folder itself cannot be read.
  private mutating func list(_ folder: String, group: String?, level: Int, above: Set<FileStatus.Identity>)
    -> FileError?
  {
    let names: [String]
    do throws(FileError) { names = try FileSystem.names(in: folder) } catch { return error }
    for name in names where !name.hasPrefix(".") {
      let path = folder + "/" + name
      do throws(FileError) {
        let status = try FileStatus(path)
        if status.kind == .file, Self.isPicture(name) {
          files.append(File(path: path, stamp: FileStamp(status), group: group))
        } else if status.kind == .folder, !above.contains(status.identity) {
          let failure = list(
            path, group: level == 0 ? name : group, level: level + 1, above: above.union([status.identity]))
          if let failure { throw failure }
        }
      } catch {
        unreadable.append(UnreadableFile(path: error.path, reason: error.reason))
      }
    }
    return nil
  }

  /// Whether `name` ends as a picture's does.
  static func isPicture(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
  }

  /// The part of the folder for `split`: its sub-folder `train` or `test` where it has both, else all of it.
  static func part(of path: String, split: Split) -> (path: String, isWhole: Bool) {
    let parts = Split.allCases.map { path + "/" + $0.rawValue }
    let hasBoth = parts.allSatisfy(FileSystem.isFolder)
    return hasBoth ? (path + "/" + split.rawValue, false) : (path, true)
  }
}
