import Files
import Pictures

/// Pictures of two halves side by side: the source of each, column "images", and its target, column "target".
struct PicturePairs: SampleProducer {
  let description: DatasetDescription
  let labels: [Int32]? = nil
  private let pictures: ReadablePictures
  private let direction: SideDirection
  private let shape: SampleShape

  /// Reads all headers.
  ///
  /// - Throws: `FileError` when a width is odd, or a picture is grey and another coloured; ``DataError`` when sizes differ and
  ///   none is asked for.
  init(_ folder: PictureFolder, _ direction: SideDirection, name: String, options: LoadOptions) throws {
    self.direction = direction
    pictures = ReadablePictures(folder, threads: options.threads)
    for file in pictures.files where file.header.shownSize.width % 2 != 0 {
      let size = file.header.shownSize
      throw FileError(
        file.path, "the picture is \(size.width)x\(size.height): two halves side by side need an even width")
    }
    if options.channels == nil, let first = pictures.files.first,
      let other = pictures.files.first(where: { $0.header.isGrey != first.header.isGrey })
    {
      let (grey, colour) = first.header.isGrey ? (first, other) : (other, first)
      let (size, otherSize) = (grey.header.shownSize, colour.header.shownSize)
      throw FileError(
        grey.path,
        "the picture (\(size.width)x\(size.height)) is grey, and \(colour.path) "
          + "(\(otherSize.width)x\(otherSize.height)) has colour; save all pairs in grey or all in colour")
    }
    let isGrey = pictures.files.allSatisfy { $0.header.isGrey }
    let size: (width: Int, height: Int)
    if let wanted = options.size {
      size = wanted
    } else {
      let whole = try pictures.commonSize(name: name)
      size = (whole.width / 2, whole.height)
    }
    shape = SampleShape(channels: options.channels ?? (isGrey ? 1 : 3), height: size.height, width: size.width)
    description = DatasetDescription(
      name: name,
      columns: [
        ColumnDescription(Dataset.samplesName, .pictures(shape)),
        ColumnDescription(Dataset.targetName, .pictures(shape)),
      ])
  }

  /// A notice where the halves of the folder's first picture have proportions far from those they are loaded in, as where it
  /// holds single pictures. One that cannot be read is counted elsewhere.
  static func doubt(_ folder: PictureFolder, size: (width: Int, height: Int)?) -> String? {
    guard let size, let path = folder.files.first?.path,
      let found = try? MappedFile(path).withBytes({ bytes in try PictureHeader(bytes, path: path).shownSize })
    else { return nil }
    let (wanted, own) = (Double(size.width) / Double(size.height), Double(found.width) / Double(2 * found.height))
    guard max(wanted / own, own / wanted) > 1.5 else { return nil }
    return
      "\(path): the picture is \(found.width)x\(found.height), and each half of it is stretched to "
      + "\(size.width)x\(size.height); is it two pictures side by side?"
  }

  var count: Int { pictures.files.count }
  var unreadable: [UnreadableFile] { pictures.unreadable }

  /// Each half is resized on its own, so that no pixel of one has a say in the other, and without regard to its proportions.
  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    let picture = try pictures.picture(index).converted(toChannels: shape.channels)
    let half = picture.width / 2
    let (left, right) = (
      PixelArea(left: 0, top: 0, width: half, height: picture.height),
      PixelArea(left: half, top: 0, width: half, height: picture.height)
    )
    let halves = direction == .aToB ? [left, right] : [right, left]
    for (place, area) in halves.enumerated() {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: row[(place * shape.elementCount)..<((place + 1) * shape.elementCount)])
      picture.stretch(area, width: shape.width, height: shape.height, into: part)
    }
  }
}
