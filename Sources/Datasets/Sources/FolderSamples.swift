import Files
import Pictures

/// The pictures of a folder, to be decoded.
struct FolderSamples: SampleProducer {
  let description: DatasetDescription
  let labels: [Int32]?
  private let pictures: ReadablePictures

  /// Reads all headers.
  ///
  /// - Parameter classes: the classes in the order of their labels, where subfolders are classes.
  /// - Throws: ``DataError`` when sizes differ and none is asked for, or classes are asked for and a picture lies in no
  ///   sub-folder.
  init(_ folder: PictureFolder, classes: [String]?, name: String, options: LoadOptions) throws {
    pictures = ReadablePictures(folder, threads: options.threads)
    let size = try options.size.map(PictureSize.init) ?? ReadablePictures.commonSize(of: pictures.files, name: name)
    let isGrey = pictures.files.allSatisfy { $0.header.isGrey }
    var description = DatasetDescription(
      name: name,
      shape: SampleShape(channels: options.channels ?? (isGrey ? 1 : 3), height: size.height, width: size.width))
    guard let classes else {
      self.description = description
      labels = nil
      return
    }
    if let outside = pictures.files.first(where: { $0.group == nil }) {
      throw FileError(outside.path, "subfolders are classes, but this picture is in none of them")
    }
    let numbers = Dictionary(zip(classes.map(\.pathBytes), Int32(0)...), uniquingKeysWith: { first, _ in first })
    description.classNames = classes
    self.description = description
    labels = pictures.files.compactMap { $0.group.flatMap { numbers[$0.pathBytes] } }
  }

  var count: Int { pictures.files.count }
  var unreadable: [UnreadableFile] { pictures.unreadable }

  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    let shape = description.shape
    try pictures.files[index].picture().fit(
      width: shape.width, height: shape.height, channels: shape.channels, into: row)
  }
}
