import Files

/// What lies in a folder and below it, each once whatever links there are.
struct PictureListing {
  /// A picture file.
  struct File: Sendable {
    let path: String
    let stamp: FileStamp
    /// The sub-folder of the first level that it lies in.
    let group: String?
    fileprivate let identity: FileStatus.Identity
  }

  /// Those that can be read by their names, in the byte order of their paths.
  private(set) var files: [File] = []
  private(set) var unreadable: [UnreadableFile] = []
  /// How many others there are, by the ends of their names in small letters.
  private(set) var others: [String: Int] = [:]
  /// Folders of training runs, which are passed over whole.
  private(set) var runs = 0
  /// Links to what is there already.
  private(set) var repeatingLinks = 0

  private var folders: Set<FileStatus.Identity> = []
  private var links: [Entry] = []

  private struct Entry {
    let path: String
    let name: String
    let group: String?
    let level: Int
  }

  /// Lists the folder at `path`; hidden files are passed over, links are followed.
  ///
  /// What lies in the folder goes before what links lead to, and links to folders before links to files: so a picture counts
  /// where it really lies, and under each of its names if it has several there (hard links).
  ///
  /// - Throws: ``FileError`` when the folder cannot be read, or is the folder of a run.
  init(_ path: String) throws(FileError) {
    folders = [try FileStatus(path).identity]
    try list(path, group: nil, level: 0)
    var fileLinks: [(Entry, FileStatus)] = []
    while !links.isEmpty {
      let found = links.map { ($0, $0.path.pathBytes) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
      links = []
      for entry in found {
        leavingOutUnreadable { (listing) throws(FileError) in
          let status = try FileStatus(entry.path)
          switch status.kind {
          case .folder:
            guard listing.folders.insert(status.identity).inserted else { return listing.repeatingLinks += 1 }
            try listing.list(
              entry.path, group: entry.level == 0 ? entry.name : entry.group, level: entry.level + 1)
          case .file: fileLinks.append((entry, status))
          case .link, .other: break
          }
        }
      }
    }
    var taken = fileLinks.isEmpty ? [] : Set(files.map(\.identity))
    for (entry, status) in fileLinks {
      if PictureFolder.isPicture(entry.name), !taken.insert(status.identity).inserted {
        repeatingLinks += 1
      } else {
        take(entry, status)
      }
    }
    files = files.map { ($0, $0.path.pathBytes) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
  }

  private mutating func list(_ folder: String, group: String?, level: Int) throws(FileError) {
    let names = try FileSystem.names(in: folder)
    if RunFolder.isRun(names) {
      guard level > 0 else {
        throw FileError(folder, "this is a run folder, not data")
      }
      return runs += 1
    }
    for name in names where name.utf8.first != UInt8(ascii: ".") {
      let path = folder + "/" + name
      let entry = Entry(path: path, name: name, group: group, level: level)
      leavingOutUnreadable { (listing) throws(FileError) in
        let status = try FileStatus(path, followingLinks: false)
        switch status.kind {
        case .file: listing.take(entry, status)
        case .folder:
          guard listing.folders.insert(status.identity).inserted else { return }
          try listing.list(path, group: level == 0 ? name : group, level: level + 1)
        case .link: listing.links.append(entry)
        case .other: break
        }
      }
    }
  }

  private mutating func take(_ entry: Entry, _ status: FileStatus) {
    if PictureFolder.isPicture(entry.name) {
      files.append(
        File(path: entry.path, stamp: FileStamp(status), group: entry.group, identity: status.identity))
    } else {
      others[PictureFolder.ending(of: entry.name), default: 0] += 1
    }
  }

  private mutating func leavingOutUnreadable(_ body: (inout PictureListing) throws(FileError) -> Void) {
    do throws(FileError) {
      try body(&self)
    } catch {
      unreadable.append(UnreadableFile(path: error.path, reason: error.reason))
    }
  }
}

extension Sequence<PictureListing.File> {
  /// A line for each file that tells one state of it from another.
  var stamps: String { map { "\($0.path): \($0.stamp)" }.joined(separator: "\n") }
}
