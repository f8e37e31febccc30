/// The width and height of a picture in pixels, as it is shown.
struct PictureSize: Codable, Hashable, CustomStringConvertible {
  var width: Int
  var height: Int

  init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  init(_ size: (width: Int, height: Int)) { self.init(width: size.width, height: size.height) }

  var description: String { "\(width)x\(height)" }

  /// The size of one of two halves side by side.
  var half: PictureSize { PictureSize(width: width / 2, height: height) }

  /// Whether its proportions are far from those of `other`.
  func isStretched(from other: PictureSize) -> Bool {
    let ratio = Double(width * other.height) / Double(height * other.width)
    return max(ratio, 1 / ratio) > 1.5
  }
}

/// The sizes of some pictures.
struct PictureSizes: Codable {
  /// That of the first that can be read.
  let first: PictureSize?
  /// Whether it is the size of all.
  let isCommon: Bool

  /// Looks at the headers of all `files`.
  static func of(_ files: [PictureListing.File], _ options: LoadOptions) -> PictureSizes {
    KeptFinding(options: options)("sizes", of: files.stamps) {
      let sizes = ReadablePictures(files, threads: options.threads).files.map(\.size)
      return PictureSizes(first: sizes.first, isCommon: Set(sizes).count == 1)
    }
  }
}
