import Files
import Pictures

/// What a look at a folder finds: whether each of its pictures is a pair, two halves side by side.
enum HalvesLook: Codable, Equatable {
  case pairs
  /// Every picture is twice as wide as high, but its halves show different things.
  case unlike
  /// A picture is not twice as wide as high.
  case proportions(path: String, PictureSize)

  /// The most pictures that are decoded.
  private static let sample = 20

  /// Looks at the headers of all pictures, and at the pixels of some.
  static func at(_ folder: PictureFolder, _ options: LoadOptions) -> HalvesLook {
    KeptFinding(options: options)("halves", of: folder.files.stamps) {
      let places = spread(folder.files.count)
      let some = ReadablePictures(places.map { folder.files[$0] }, threads: options.threads)
      if let other = other(in: some) { return other }
      if places.count < folder.files.count,
        let other = other(in: ReadablePictures(folder.files, threads: options.threads))
      {
        return other
      }
      let halves = some.files.compactMap { file -> (left: HalfOutline, right: HalfOutline)? in
        guard let picture = try? file.picture() else { return nil }
        let (left, right) = PixelArea.halves(width: picture.width, height: picture.height)
        return (HalfOutline(picture, left), HalfOutline(picture, right))
      }
      // If nothing can be read, whoever decodes it says why.
      return halves.isEmpty || HalfOutline.agree(halves) ? .pairs : .unlike
    }
  }

  /// Places from the first to the last of `count` pictures at equal distances.
  private static func spread(_ count: Int) -> [Int] {
    count <= sample ? Array(0..<count) : (0..<sample).map { $0 * (count - 1) / (sample - 1) }
  }

  private static func other(in pictures: ReadablePictures) -> HalvesLook? {
    for file in pictures.files {
      let size = file.size
      if size.width != 2 * size.height { return .proportions(path: file.path, size) }
    }
    return nil
  }
}

extension PixelArea {
  /// The left and the right half of a picture of an even width.
  static func halves(width: Int, height: Int) -> (left: PixelArea, right: PixelArea) {
    (
      PixelArea(left: 0, top: 0, width: width / 2, height: height),
      PixelArea(left: width / 2, top: 0, width: width / 2, height: height)
    )
  }
}
