import Files
import Pictures
import Synchronization

/// Those of some pictures whose headers could be read, to be decoded one by one.
struct ReadablePictures: Sendable {
  struct File: Sendable {
    let path: String
    let header: PictureHeader
    /// The sub-folder of the first level that it lies in.
    let group: String?

    /// Its size as it is shown.
    var size: PictureSize { PictureSize(header.shownSize) }

    /// The picture, decoded.
    func picture() throws(FileError) -> Picture {
      // Read rather than mapped: the picture may be overwritten in the meantime.
      let bytes = try FileSystem.contents(of: path)
      return try bytes.withUnsafeBytes { bytes in
        Result { () throws(FileError) in try Picture(header, bytes: bytes, path: path) }
      }.get()
    }
  }

  let files: [File]
  let unreadable: [UnreadableFile]

  /// Reads all headers.
  init(_ folder: PictureFolder, threads: Int) {
    self.init(folder.files, unreadable: folder.unreadable, threads: threads)
  }

  /// Reads the headers of `files`.
  init(_ files: [PictureListing.File], unreadable: [UnreadableFile] = [], threads: Int) {
    let results = Self.headers(files, threads: threads)
    self.files = results.compactMap { try? $0.get() }
    self.unreadable =
      unreadable
      + results.compactMap { result in
        if case .failure(let error) = result { UnreadableFile(path: error.path, reason: error.reason) } else { nil }
      }
  }

  /// The header of each of `files`, or what is wrong with it.
  static func headers(_ files: [PictureListing.File], threads: Int) -> [Result<File, FileError>] {
    let results = Mutex<[Int: Result<File, FileError>]>([:])
    concurrently(files.count, threads: threads) { index in
      let path = files[index].path
      let result = Result { () throws(FileError) in
        let file = try MappedFile(path)
        let header = try file.withBytes { bytes throws(FileError) in try PictureHeader(bytes, path: path) }
        return File(path: path, header: header, group: files[index].group)
      }
      results.withLock { $0[index] = result }
    }
    return results.withLock { results in files.indices.compactMap { results[$0] } }
  }

  /// The size of all `files`.
  ///
  /// - Throws: ``DataError`` when they differ.
  static func commonSize(of files: [File], name: String) throws(DataError) -> PictureSize {
    guard let first = files.first else { return PictureSize(width: 1, height: 1) }
    guard let other = files.first(where: { $0.size != first.size }) else { return first.size }
    throw DataError(
      "\(name): the pictures differ in size (\(first.path) is \(first.size), \(other.path) is \(other.size)); choose one, "
        + "as in --size 64x64")
  }
}
