import Files
import Pictures
import Synchronization

/// The pictures of a folder, to be decoded.
struct FolderSamples: SampleProducer {
  let description: DatasetDescription
  let labels: [Int32]?
  let unreadable: [UnreadableFile]
  private let pictures: [(path: String, header: PictureHeader)]

  /// Reads all headers.
  ///
  /// - Parameter classes: the classes in the order of their labels, where sub-folders are classes.
  /// - Throws: ``DataError`` when sizes differ and none is asked for, or classes are asked for and a picture lies in no
  ///   sub-folder.
  init(_ folder: PictureFolder, classes: [String]?, name: String, options: LoadOptions) throws {
    let results = Mutex<[Int: Result<PictureHeader, FileError>]>([:])
    concurrently(folder.files.count, threads: options.threads) { index in
      let path = folder.files[index].path
      let result = Result { () throws(FileError) in
        let file = try MappedFile(path)
        return try file.withBytes { bytes throws(FileError) in try PictureHeader(bytes, path: path) }
      }
      results.withLock { $0[index] = result }
    }
    let headers = results.withLock { $0 }
    var unreadable = folder.unreadable
    var pictures: [(path: String, header: PictureHeader)] = []
    var groups: [String?] = []
    for (index, file) in folder.files.enumerated() {
      switch headers[index] {
      case .success(let header):
        pictures.append((file.path, header))
        groups.append(file.group)
      case .failure(let error): unreadable.append(UnreadableFile(path: error.path, reason: error.reason))
      case nil: continue
      }
    }
    self.pictures = pictures
    self.unreadable = unreadable
    let size = try options.size ?? Self.commonSize(pictures, name: name)
    let isGrey = pictures.allSatisfy { $0.header.isGrey }
    var description = DatasetDescription(
      name: name,
      shape: SampleShape(channels: options.channels ?? (isGrey ? 1 : 3), height: size.height, width: size.width))
    guard let classes else {
      self.description = description
      labels = nil
      return
    }
    if let outside = zip(pictures, groups).first(where: { $0.1 == nil }) {
      throw FileError(outside.0.path, "sub-folders are to be classes, but this picture lies in none")
    }
    let numbers = Dictionary(zip(classes.map(\.pathBytes), Int32(0)...), uniquingKeysWith: { first, _ in first })
    description.classNames = classes
    self.description = description
    labels = groups.compactMap { $0.flatMap { numbers[$0.pathBytes] } }
  }

  var count: Int { pictures.count }

  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    let (path, header) = pictures[index]
    let shape = description.shape
    // Read rather than mapped: somebody may save the picture anew meanwhile.
    let file = try FileSystem.contents(of: path)
    let decoded = file.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try Picture(header, bytes: bytes, path: path) }
    }
    try decoded.get().fit(width: shape.width, height: shape.height, channels: shape.channels, into: row)
  }

  private static func commonSize(
    _ pictures: [(path: String, header: PictureHeader)], name: String
  ) throws -> (width: Int, height: Int) {
    guard let first = pictures.first else { return (1, 1) }
    let size = first.header.shownSize
    guard let other = pictures.first(where: { $0.header.shownSize != size }) else { return size }
    let otherSize = other.header.shownSize
    throw DataError(
      "\(name): the pictures differ in size (\(first.path) is \(size.width)x\(size.height), \(other.path) is "
        + "\(otherSize.width)x\(otherSize.height)); give the wanted one, as in --size 64x64")
  }
}
