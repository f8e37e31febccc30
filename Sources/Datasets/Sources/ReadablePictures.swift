import Files
import Pictures
import Synchronization

/// The pictures of a folder whose headers could be read, to be decoded one by one.
struct ReadablePictures: Sendable {
  struct File: Sendable {
    let path: String
    let header: PictureHeader
    /// The sub-folder of the first level that it lies in.
    let group: String?
  }

  let files: [File]
  let unreadable: [UnreadableFile]

  /// Reads all headers.
  init(_ folder: PictureFolder, threads: Int) {
    let results = Mutex<[Int: Result<PictureHeader, FileError>]>([:])
    concurrently(folder.files.count, threads: threads) { index in
      let path = folder.files[index].path
      let result = Result { () throws(FileError) in
        let file = try MappedFile(path)
        return try file.withBytes { bytes throws(FileError) in try PictureHeader(bytes, path: path) }
      }
      results.withLock { $0[index] = result }
    }
    let headers = results.withLock { $0 }
    var files: [File] = []
    var unreadable = folder.unreadable
    for (index, file) in folder.files.enumerated() {
      switch headers[index] {
      case .success(let header): files.append(File(path: file.path, header: header, group: file.group))
      case .failure(let error): unreadable.append(UnreadableFile(path: error.path, reason: error.reason))
      case nil: continue
      }
    }
    self.files = files
    self.unreadable = unreadable
  }

  /// Picture `index`, decoded.
  func picture(_ index: Int) throws(FileError) -> Picture {
    let (path, header) = (files[index].path, files[index].header)
    // Read rather than mapped: the picture may be overwritten in the meantime.
    let file = try FileSystem.contents(of: path)
    return try file.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try Picture(header, bytes: bytes, path: path) }
    }.get()
  }

  /// The size of all pictures.
  ///
  /// - Throws: ``DataError`` when they differ.
  func commonSize(name: String) throws(DataError) -> (width: Int, height: Int) {
    guard let first = files.first else { return (1, 1) }
    let size = first.header.shownSize
    guard let other = files.first(where: { $0.header.shownSize != size }) else { return size }
    let otherSize = other.header.shownSize
    throw DataError(
      "\(name): the pictures differ in size (\(first.path) is \(size.width)x\(size.height), \(other.path) is "
        + "\(otherSize.width)x\(otherSize.height)); choose one, as in --size 64x64")
  }
}
