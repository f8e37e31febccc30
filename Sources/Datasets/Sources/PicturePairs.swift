import Files
import Pictures

/// Pairs of pictures: the source of each, column "images", and its target, column "target".
struct PicturePairs: SampleProducer {
  /// A picture, or the half of one, that is one side of a pair.
  private struct Part {
    let file: ReadablePictures.File
    let area: PixelArea
  }

  let description: DatasetDescription
  let labels: [Int32]? = nil
  private(set) var unreadable: [UnreadableFile]
  /// Source and target of each pair.
  private let pairs: [[Part]]
  private let shapes: [SampleShape]

  /// Reads all headers. A pair is left out if one of its files cannot be read.
  ///
  /// - Throws: `FileError` if the width of two halves is odd, or two partners differ in size; ``DataError`` if pairs do and no
  ///   size is asked for.
  init(_ listing: PairListing, _ format: PairFormat, name: String, threads: Int) throws {
    unreadable = listing.unreadable
    var headers = ReadablePictures.headers(listing.files.flatMap(\.self), threads: threads)[...]
    var pairs: [[Part]] = []
    for files in listing.files {
      var read: [ReadablePictures.File] = []
      for result in headers.prefix(files.count) {
        switch result {
        case .success(let file): read.append(file)
        case .failure(let error): unreadable.append(UnreadableFile(path: error.path, reason: error.reason))
        }
      }
      headers = headers.dropFirst(files.count)
      guard read.count == files.count else { continue }
      pairs.append(try read.count == 1 ? Self.halves(of: read[0]) : Self.partners(read[0], read[1]))
    }
    let size: PictureSize
    if let wanted = format.size {
      size = wanted
    } else {
      _ = try ReadablePictures.commonSize(of: pairs.map { $0[0].file }, name: name)
      size =
        pairs.first.map { PictureSize(width: $0[0].area.width, height: $0[0].area.height) }
        ?? PictureSize(width: 1, height: 1)
    }
    if format.direction == .bToA { pairs = pairs.map { $0.reversed() } }
    shapes = [format.sourceChannels, format.targetChannels].enumerated().map { side, channels in
      let isGrey = pairs.allSatisfy { $0[side].file.header.isGrey }
      return SampleShape(channels: channels ?? (isGrey ? 1 : 3), height: size.height, width: size.width)
    }
    self.pairs = pairs
    description = DatasetDescription(
      name: name,
      columns: zip([Dataset.samplesName, Dataset.targetName], shapes).map { ColumnDescription($0, .pictures($1)) })
  }

  /// Side A at the left, side B at the right.
  private static func halves(of file: ReadablePictures.File) throws(FileError) -> [Part] {
    guard file.size.width % 2 == 0 else {
      throw FileError(file.path, "the picture is \(file.size): two halves side by side need an even width")
    }
    let (left, right) = PixelArea.halves(width: file.size.width, height: file.size.height)
    return [Part(file: file, area: left), Part(file: file, area: right)]
  }

  private static func partners(
    _ a: ReadablePictures.File, _ b: ReadablePictures.File
  ) throws(FileError) -> [Part] {
    guard a.size == b.size else {
      throw FileError(
        a.path, "the picture is \(a.size), and its partner \(b.path) is \(b.size): both must have one size")
    }
    let whole = PixelArea(left: 0, top: 0, width: a.size.width, height: a.size.height)
    return [Part(file: a, area: whole), Part(file: b, area: whole)]
  }

  var count: Int { pairs.count }

  /// Each part is resized on its own, so that no pixel of the other has a say in it, and without regard to its proportions.
  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    var start = 0
    var decoded: (path: String, picture: Picture)?
    for (part, shape) in zip(pairs[index], shapes) {
      // Both halves are of one file.
      if decoded?.path != part.file.path { decoded = (part.file.path, try part.file.picture()) }
      let target = UnsafeMutableRawBufferPointer(rebasing: row[start..<(start + shape.elementCount)])
      decoded?.picture.converted(toChannels: shape.channels)
        .stretch(part.area, width: shape.width, height: shape.height, into: target)
      start += shape.elementCount
    }
  }
}
